import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { fieldsOf } from '../../ui/schema-fields.ts';
import {
  type ConnectionDraft,
  configOf,
  draftProblems,
  firstDraft,
  pointsElsewhere,
  type StandingConnection,
  secretsOf,
  secretsToRepeat,
} from './connection-form.ts';
import type { Manifest } from './manifest.ts';

const PATIENCE = 300;

/** What the server says about where a draft would send; asked again a moment after the last letter. */
function useReached(manifest: Manifest, body: unknown) {
  const [settled] = useDebouncedValue(JSON.stringify(body), PATIENCE);
  const { data } = useQuery({
    queryKey: ['checkConnection', manifest.id, settled],
    queryFn: () => client.checkConnection({ body: JSON.parse(settled) }),
    placeholderData: (before) => before,
    retry: false,
  });
  return data;
}

/** The state of a form for a new connection, or for one that stands. */
export function useConnectionForm(manifest: Manifest, standing?: StandingConnection) {
  const fields = fieldsOf(manifest.connection);
  const [draft, setDraft] = useState(() => firstDraft(fields, manifest.title, standing));
  const [shown, setShown] = useState(false);
  const kept = standing?.secrets ?? [];
  const problems = draftProblems(fields, draft, kept);
  const readable = fields.every(({ name, secret }) => secret || problems[name] === undefined);
  const settings = {
    connector: manifest.id,
    config: (readable ? configOf(fields, draft) : {}) as never,
    network: draft.network,
    ...(draft.hosts.length > 0 ? { allowed_hosts: [...draft.hosts] } : {}),
    ...(draft.site === '' ? {} : { site: draft.site }),
  };
  const reached = useReached(manifest, settings);
  const elsewhere =
    standing !== undefined && reached !== undefined && pointsElsewhere(standing, draft, reached.allowed_hosts);
  const repeat = standing && elsewhere ? secretsToRepeat(fields, standing, draft) : [];
  const all = {
    ...problems,
    ...Object.fromEntries(repeat.map((name) => [name, 'Enter it again: it would go elsewhere'])),
  };
  return {
    ...{ fields, draft, reached, elsewhere, settings },
    kept: kept.filter((name) => !repeat.includes(name)),
    problems: shown ? all : Object.fromEntries(repeat.map((name) => [name, all[name] ?? ''])),
    secrets: () => secretsOf(fields, draft),
    change: (patch: Partial<ConnectionDraft>) => setDraft((before) => ({ ...before, ...patch })),
    /** Shows what is wrong; true when nothing is. */
    check: () => {
      setShown(true);
      return Object.keys(all).length === 0;
    },
  };
}

import { Button, Chip, Group, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconFingerprint,
  IconFlag,
  IconNote,
  IconPlayerPlay,
  IconTarget,
  type TablerIcon,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useMay } from '../../app/session.tsx';
import { useApi, useApiPages } from '../../app/use-api.ts';
import { StatusBadge } from '../../ui/badges.tsx';
import { Defanged } from '../../ui/defanged.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Ref } from '../../ui/ref.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { oneOf } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import { Panel } from '../alerts/panel.tsx';
import styles from './cases.module.css';
import { NoteComposer } from './note-composer.tsx';
import { isPerson, type Moment, type TimelineKind, timelineOf, whoIs } from './timeline.ts';
import { usePeople } from './use-people.ts';

const ICONS: Readonly<Record<TimelineKind, TablerIcon>> = {
  note: IconNote,
  alert: IconAlertTriangle,
  observable: IconFingerprint,
  state: IconFlag,
  run: IconPlayerPlay,
  change: IconTarget,
};

const FILTERS = [
  ['all', 'All'],
  ['people', 'People'],
  ['note', 'Notes'],
  ['alert', 'Alerts'],
  ['observable', 'Observables'],
  ['state', 'Status'],
  ['run', 'Runs'],
  ['change', 'Changes'],
] as const;

const timelineState = {
  show: oneOf(['all', 'people', 'note', 'alert', 'observable', 'state', 'run', 'change'], 'all'),
};

function fits({ kind, by }: Moment, show: string): boolean {
  return show === 'all' || (show === 'people' ? isPerson(by) : kind === show);
}

function MomentLine({ moment, names }: { readonly moment: Moment; readonly names: ReadonlyMap<string, string> }) {
  const { at, kind, words, text, ref, by, state } = moment;
  const Icon = ICONS[kind];
  const said =
    kind === 'observable' ? (
      <Defanged value={text} />
    ) : (
      <Untrusted text={text} longest={kind === 'note' ? 4_000 : 300} />
    );
  return (
    <li className={styles.moment} data-person={isPerson(by) || undefined}>
      <Icon size={16} aria-hidden className={styles.icon ?? ''} />
      <Group gap={6}>
        <Text span size="sm" fw={isPerson(by) ? 600 : 400} miw={0} maw="100%">
          <Untrusted text={whoIs(by, names)} line longest={60} />
        </Text>
        <Text span size="sm" c="dimmed">
          {words}
        </Text>
        {state !== '' && <StatusBadge state={state} />}
      </Group>
      <span className={styles.when}>
        <When at={at} />
      </span>
      {text !== '' && <div className={styles.said}>{ref === '' ? said : <Ref to={ref}>{said}</Ref>}</div>}
    </li>
  );
}

function useTimeline(id: string) {
  const { items, query } = useApiPages('listCaseEntries', { id, query: { limit: 100 } });
  const runs = useApi('listRuns', { query: { case: id, limit: 100 } });
  const effects = useApi('listEffects', { query: { case: id, limit: 200 } });
  const moments = useMemo(
    () => timelineOf(items, runs.data?.items ?? [], effects.data?.items ?? [], !query.hasNextPage),
    [items, runs.data, effects.data, query.hasNextPage],
  );
  return { moments, query };
}

/** Everything that people and machines did about a case, newest first, and where notes are written. */
export function TimelinePanel({ id }: { readonly id: string }) {
  const [{ show }, setState] = useUrlState(timelineState);
  const { moments, query } = useTimeline(id);
  const { names } = usePeople();
  const may = useMay('case:write');
  const shown = moments.filter((moment) => fits(moment, show));
  return (
    <Panel
      title="Timeline"
      flush
      tools={
        <Chip.Group value={show} onChange={(next) => setState({ show: next as typeof show })}>
          <Group gap={4} role="group" aria-label="What the timeline shows">
            {FILTERS.map(([value, label]) => (
              <Chip key={value} value={value} size="xs" variant="light">
                {label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      }
    >
      {may && <NoteComposer key={id} id={id} />}
      {query.error && <ErrorPanel error={query.error} retry={() => query.refetch()} />}
      {query.isPending && <LoadingRows />}
      <ol className={styles.timeline} aria-label="Timeline">
        {shown.map((moment) => (
          <MomentLine key={moment.id} moment={moment} names={names} />
        ))}
      </ol>
      {shown.length === 0 && !query.isPending && (
        <Text size="sm" c="dimmed" p="sm">
          Nothing of that kind yet.
        </Text>
      )}
      {query.hasNextPage && (
        <Button
          variant="subtle"
          fullWidth
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Older
        </Button>
      )}
    </Panel>
  );
}

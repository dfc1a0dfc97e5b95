import type { CallResult } from '@counterpoint/sdk';
import { Group, Text, Tooltip } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { AppLink } from '../../ui/app-link.tsx';
import { ToneBadge, VerdictBadge } from '../../ui/badges.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { Defanged } from '../../ui/defanged.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TraceLink } from '../../ui/ref.tsx';
import { shownState } from '../../ui/states.ts';
import { relativeTime } from '../../ui/times.ts';
import { plainText } from '../../ui/untrusted-text.ts';
import styles from './alerts.module.css';
import { type LastWord, lastWords } from './last-words.ts';

/** An observable with what is known about it. */
export type KnownObservable = CallResult<'getAlert'>['observables'][number];

function Said({ word }: { readonly word: LastWord }) {
  const { source, verdict, score, at } = word;
  const figure = score === null ? '' : ` ${Math.round(score)}`;
  const shown = shownState(verdict);
  const means = `${source} said ${verdict}${score === null ? '' : `, ${score} of 100`}, ${relativeTime(at, Date.now())}`;
  return (
    <ToneBadge
      tone={verdict === 'unknown' ? 'calm' : shown.tone}
      word={plainText(`${source}${figure}`, 40)}
      means={plainText(means, 200)}
    />
  );
}

const SHOWN = 4;

function Enrichments({ observable }: { readonly observable: KnownObservable }) {
  const words = lastWords(observable.enrichments);
  if (words.length === 0)
    return (
      <Text span c="dimmed" inherit>
        nothing noted
      </Text>
    );
  return (
    <Group gap={4} wrap="nowrap" component="span">
      {words.slice(0, SHOWN).map((word) => (
        <Said key={word.source} word={word} />
      ))}
      {words.length > SHOWN && (
        <Tooltip
          label={words
            .slice(SHOWN)
            .map(({ source, verdict }) => `${source}: ${verdict}`)
            .join(', ')}
        >
          <Text span size="xs" c="dimmed" tabIndex={0}>
            +{words.length - SHOWN}
          </Text>
        </Tooltip>
      )}
    </Group>
  );
}

const COLUMNS: readonly Column<KnownObservable>[] = [
  {
    id: 'value',
    header: 'Observable',
    width: '4fr',
    card: 'title',
    cell: ({ value, type }) => <Defanged value={value} type={type} />,
  },
  { id: 'type', header: 'Type', width: 120, from: 900, cell: ({ type }) => type },
  { id: 'verdict', header: 'Verdict', width: 124, cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
  { id: 'said', header: 'What sources say', width: '3fr', cell: (one) => <Enrichments observable={one} /> },
  {
    id: 'seen',
    header: 'Seen',
    width: 110,
    align: 'right',
    cell: ({ value, sightings }) => (
      <AppLink to={`/alerts?observable=${encodeURIComponent(value)}`}>
        {sightings === 1 ? 'only here' : `${sightings.toLocaleString('en')} times`}
      </AppLink>
    ),
  },
  {
    id: 'trace',
    header: 'Trace',
    width: 84,
    cell: ({ type, value }) => <TraceLink to={`${type}:${value}`} />,
  },
];

/** Observables, defanged, with who says what about them and where else they were seen. */
export function KnownObservables({ observables }: { readonly observables: readonly KnownObservable[] }) {
  return (
    <div className={styles.inset}>
      <DataTable<KnownObservable>
        label="Observables"
        flow
        columns={COLUMNS}
        rows={observables}
        idOf={({ id }) => id}
        nameOf={({ display }) => display}
        empty={
          <EmptyState icon={IconFingerprint} title="No observables">
            Addresses, names, hashes and the like are taken from what a tool sends. This holds none.
          </EmptyState>
        }
      />
    </div>
  );
}

import type { CallResult } from '@counterpoint/sdk';
import { Button, Chip, Group, Select, Text } from '@mantine/core';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { isShown, NOTHING_CHOSEN, type QueueState, VIEWS, valueMeant, withAllBelow } from './queue-state.ts';
import { counted, SEVERITIES, STATUSES, VERDICTS } from './words.ts';

interface QueueFiltersProps {
  readonly state: QueueState;
  readonly onChange: (change: Partial<QueueState>) => void;
  readonly facets: CallResult<'alertFacets'> | undefined;
}

const WITHIN = [
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
];

const MEANS = {
  value: 'Alerts that hold this value.',
  beginning: 'Alerts that hold a value that begins so.',
  below: 'Alerts that hold this domain or one below it.',
} as const;

/** Says what a search text was taken for, and lets people mean the other. */
function SearchMeaning({ state, onChange }: Pick<QueueFiltersProps, 'state' | 'onChange'>) {
  const text = state.q?.trim() ?? '';
  if (state.observable !== undefined) {
    return (
      <Group gap={6}>
        <Text size="xs" c="dimmed">
          That hold <Untrusted text={state.observable} line longest={80} ff="monospace" />
        </Text>
        <Button size="compact-xs" variant="subtle" onClick={() => onChange({ observable: undefined })}>
          Show all
        </Button>
      </Group>
    );
  }
  const meant = valueMeant(text);
  if (!meant) return null;
  const below = state.words ? undefined : withAllBelow(text);
  return (
    <Group gap={6}>
      <Text size="xs" c="dimmed">
        {state.words ? 'Looked for in titles.' : MEANS[meant]}
      </Text>
      <Button size="compact-xs" variant="subtle" onClick={() => onChange({ words: state.words ? undefined : true })}>
        {state.words ? 'Look for the value' : 'Look in titles'}
      </Button>
      {below !== undefined && (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange({ q: below })}>
          And all below it
        </Button>
      )}
    </Group>
  );
}

/** Says that what is shown is not all that fits. */
export function CutShort({ cut }: { readonly cut: boolean | undefined }) {
  if (!cut) return null;
  return (
    <Text size="xs" c="var(--cp-warn)" role="status">
      Not all that fit: at most the first 500 such values and the 5,000 latest alerts are looked through.
    </Text>
  );
}

/** Views, search and facets above the queue. */
export function QueueFilters({ state, onChange, facets }: QueueFiltersProps) {
  const sources = (facets?.source ?? []).map(({ value }) => ({ value, label: value }));
  const bar = [
    { id: 'status', label: 'Status', several: true, options: counted(STATUSES, facets?.status) },
    { id: 'severity', label: 'Severity', several: true, options: counted(SEVERITIES, facets?.severity) },
    { id: 'verdict', label: 'Verdict', several: true, options: counted(VERDICTS, facets?.verdict) },
    { id: 'source', label: 'Source', several: true, options: counted(sources, facets?.source) },
  ];
  const change = (fields: Readonly<Record<string, unknown>>) => {
    const cleared = Array.isArray(fields.status) && fields.status.length === 0;
    onChange({ ...fields, ...(fields.status ? { all: cleared ? true : undefined } : {}) });
  };
  return (
    <>
      <Group gap={6} role="group" aria-label="Views">
        {VIEWS.map(({ title, state: view }) => (
          <Chip
            key={title}
            size="xs"
            variant="light"
            checked={isShown(view, state)}
            onChange={() => onChange({ ...NOTHING_CHOSEN, ...view })}
          >
            {title}
          </Chip>
        ))}
        <Select
          size="xs"
          w={140}
          aria-label="Came in"
          placeholder="Any time"
          data={WITHIN}
          value={state.within ?? null}
          onChange={(next) => onChange({ within: (next ?? undefined) as QueueState['within'] })}
          clearable
          clearButtonProps={{ 'aria-label': 'Any time' }}
        />
        <SearchMeaning state={state} onChange={onChange} />
        <CutShort cut={facets?.cut} />
      </Group>
      <FilterBar
        search={state.q ?? ''}
        hint="Search title, id or observable"
        facets={bar}
        values={{ ...state, words: undefined, all: undefined }}
        onChange={change}
      />
    </>
  );
}

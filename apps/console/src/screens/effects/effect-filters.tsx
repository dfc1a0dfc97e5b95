import { CloseButton, Group, Text } from '@mantine/core';
import { useApi } from '../../app/use-api.ts';
import { type Facet, FilterBar } from '../../ui/filter-bar.tsx';
import { Ref } from '../../ui/ref.tsx';
import { EFFECT_CLASSES, shownState } from '../../ui/states.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import type { EffectsState } from './effects-state.ts';

const STANDING = ['performed', 'pending', 'intended', 'unknown', 'undoing', 'undo_failed'];
const OVER = ['undone', 'expired', 'failed', 'performed'];

function stateWord(state: string, view: EffectsState['view']): string {
  if (state !== 'performed') return shownState(state).word;
  return { force: 'in force', ended: 'done', all: 'in force or done' }[view];
}

const ENDS: Facet = {
  id: 'ends',
  label: 'Ends',
  options: [
    { value: 'hour', label: 'within an hour' },
    { value: 'day', label: 'within a day' },
    { value: 'never', label: 'no time ends it' },
  ],
};

function facetsOf(view: EffectsState['view'], connectors: Facet['options']): readonly Facet[] {
  const states = { force: STANDING, ended: OVER, all: [...new Set([...STANDING, ...OVER, 'held'])] }[view];
  const classes = Object.keys(EFFECT_CLASSES).filter((name) => name !== 'read');
  return [
    { id: 'class', label: 'Class', several: true, options: classes.map((value) => ({ value, label: value })) },
    { id: 'connector', label: 'Product', options: connectors },
    ...(view === 'force' ? [ENDS] : []),
    {
      id: 'state',
      label: 'State',
      several: true,
      options: states.map((value) => ({ value, label: stateWord(value, view) })),
    },
    {
      id: 'simulated',
      label: 'Lab or real',
      options: [
        { value: 'false', label: 'real products' },
        { value: 'true', label: 'lab' },
      ],
    },
  ];
}

interface EffectFiltersProps {
  readonly state: EffectsState;
  readonly onChange: (change: Readonly<Record<string, never>>) => void;
}

/** Search and facets of the list of changes. */
export function EffectFilters({ state, onChange }: EffectFiltersProps) {
  const { data } = useApi('countEffects', {});
  const counted = (data?.by_connector ?? []).map(({ connector, title, count }) => ({
    value: connector,
    label: `${title} (${count})`,
  }));
  const known = counted.some(({ value }) => value === state.connector);
  const connectors =
    state.connector === undefined || known ? counted : [...counted, { value: state.connector, label: state.connector }];
  return (
    <>
      <FilterBar
        search={state.q}
        hint="Address, host, action or connection"
        facets={facetsOf(state.view, connectors)}
        values={state}
        onChange={(fields) => onChange(fields as never)}
      />
      <Scope state={state} onChange={onChange} />
    </>
  );
}

/** The run or case that the list is narrowed to, by its title. */
function Named({ kind, id }: { readonly kind: 'run' | 'case'; readonly id: string }) {
  const run = useApi('getRunOverview', { id }, { enabled: kind === 'run' });
  const held = useApi('getCase', { id }, { enabled: kind === 'case' });
  return (
    <Ref to={`${kind}:${id}`}>
      <Untrusted text={run.data?.title ?? held.data?.title ?? id} line longest={90} />
    </Ref>
  );
}

function Scope({ state, onChange }: EffectFiltersProps) {
  const scopes = [
    { id: 'run', says: 'Of the run', value: state.run },
    { id: 'case', says: 'Of the case', value: state.case },
    { id: 'site', says: 'At the site', value: state.site },
  ] as const;
  return scopes.map(({ id, says, value }) =>
    value === undefined ? null : (
      <Group key={id} gap={6}>
        <Text size="sm" component="div">
          {says} {id === 'site' ? value : <Named kind={id} id={value} />}
        </Text>
        <CloseButton
          size="sm"
          aria-label={`Do not narrow to the ${id}`}
          onClick={() => onChange({ [id]: undefined } as never)}
        />
      </Group>
    ),
  );
}

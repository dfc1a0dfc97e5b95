import { Button, Checkbox, Group, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowsMaximize, IconFocus2, IconShare3 } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useShortcut } from '../../../app/shortcuts.tsx';
import { useApi } from '../../../app/use-api.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { FilterBar } from '../../../ui/filter-bar.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { plainText } from '../../../ui/untrusted-text.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { CheckButton } from '../check/check-panel.tsx';
import { FabricPage } from '../parts/fabric-page.tsx';
import { WindowControl } from '../parts/window-control.tsx';
import { windowed } from '../parts/windows.ts';
import { counted, nameOf } from '../parts/words.ts';
import type { MapFilter } from './filter-graph.ts';
import { prefixOfFold } from './fold-topics.ts';
import { Legend } from './legend.tsx';
import { MapDrawer } from './map-drawer.tsx';
import { type FabricMap, graphOf, type MapGraph } from './map-graph.ts';
import { mapSearch } from './map-search.ts';
import { Outline } from './outline.tsx';
import { useNewcomers } from './use-newcomers.ts';
import { type DrawnMap, useDrawnMap } from './use-places.ts';

const FlowMap = lazy(() => import('./flow-map.tsx').then(({ FlowMap: component }) => ({ default: component })));
const CENTRED = { root: { alignSelf: 'center' } } as const;
const NOTHING: MapGraph = { nodes: [], edges: [], window: '1h' };
const VIEWS = [
  { value: 'map', label: 'Map' },
  { value: 'list', label: 'List' },
];
const KINDS = [
  { value: 'participant', label: 'Participants' },
  { value: 'topic', label: 'Topics' },
  { value: 'reaction', label: 'Reactions' },
  { value: 'playbook', label: 'Playbooks' },
  { value: 'server', label: 'This server' },
];

type MapState = ReturnType<typeof useUrlState<typeof mapSearch>>;

function Filters({ state, change, map }: { state: MapState[0]; change: MapState[1]; map: FabricMap | undefined }) {
  const sites = [...new Set(map?.participants.map(({ site }) => site).filter(Boolean))].sort();
  return (
    <FilterBar
      search={state.q}
      hint="Search names and topics"
      facets={[
        { id: 'kinds', label: 'Everything', options: KINDS, several: true },
        ...(sites.length > 0
          ? [{ id: 'site', label: 'All sites', options: sites.map((site) => ({ value: site, label: site })) }]
          : []),
      ]}
      values={{ kinds: state.kinds, site: state.site || undefined }}
      onChange={(fields) => change(fields as Parameters<MapState[1]>[0], { replace: true })}
    >
      <Checkbox
        size="sm"
        styles={CENTRED}
        label="Busy topics only"
        checked={state.busy}
        onChange={(event) => change({ busy: event.currentTarget.checked || undefined }, { replace: true })}
      />
    </FilterBar>
  );
}

function Summary({ map, shown }: { readonly map: FabricMap; readonly shown: MapGraph }) {
  const online = map.participants.filter(({ state }) => state === 'online').length;
  const held = map.reactions.reduce((sum, one) => sum + one.held, 0);
  const parts = [
    `${online} of ${counted(map.participants.length, 'participant')} online`,
    counted(map.topics.length, 'topic'),
    counted(map.reactions.length, 'reaction'),
    ...(held > 0 ? [`${counted(held, 'event')} held`] : []),
    ...(map.dead > 0 ? [counted(map.dead, 'dead letter')] : []),
    ...(map.topics_left_out > 0 ? [`${counted(map.topics_left_out, 'more topic')} of other systems not shown`] : []),
  ];
  return (
    <span>
      {parts.join(' · ')}
      {shown.nodes.length === 0 && ' · nothing matches the filter'}
    </span>
  );
}

interface ContentProps {
  readonly drawn: DrawnMap;
  readonly view: 'map' | 'list';
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

function Content({ drawn, view, ...rest }: ContentProps) {
  if (drawn.graph.nodes.length === 0) {
    return (
      <EmptyState icon={IconShare3} title="Nothing to show">
        No participant, topic or reaction matches the filter. Let a participant in, or clear the filter.
      </EmptyState>
    );
  }
  if (view === 'list') return <Outline graph={drawn.graph} selected={rest.selected} onSelect={rest.onSelect} />;
  return (
    <Suspense fallback={<LoadingPanel />}>
      <FlowMap drawn={drawn} {...rest} />
    </Suspense>
  );
}

function useMap() {
  const [state, change] = useUrlState(mapSearch);
  const query = useApi('fabricMap', windowed(state.window), { every: 10_000, keep: true });
  const whole = useMemo(() => (query.data ? graphOf(query.data) : NOTHING), [query.data]);
  useNewcomers(whole, query.data?.topics_left_out === 0);
  const [round, setRound] = useState(0);
  const { q: text, kinds, site, busy, focus } = state;
  const filter = useMemo<MapFilter>(
    () => ({ text, kinds: kinds ?? [], site, busy, focus }),
    [text, kinds, site, busy, focus],
  );
  const narrow = useMediaQuery('(max-width: 700px)', window.innerWidth <= 700);
  const view = state.view ?? (narrow ? 'list' : 'map');
  const drawn = useDrawnMap(whole, filter, round, view === 'map');
  return { state, change, query, whole, drawn, view, tidy: () => setRound(round + 1) };
}

/** Whether a node or an edge is part of a graph. */
const has = ({ nodes, edges }: MapGraph, at: string) =>
  nodes.some(({ id }) => id === at) || edges.some(({ id }) => id === at);

function Focused({ whole, focus, onClear }: { whole: MapGraph; focus: string; onClear: () => void }) {
  if (focus === '') return null;
  const node = whole.nodes.find(({ id }) => id === focus);
  const prefix = prefixOfFold(focus);
  const name = prefix === undefined ? (node ? nameOf(node) : focus) : `topics under ${prefix}`;
  return (
    <Button size="compact-sm" variant="light" leftSection={<IconFocus2 size={14} />} onClick={onClear}>
      Only around {plainText(name, 48)} · show all
    </Button>
  );
}

/** The living map of the fabric, and the same as a list. */
export function MapPage() {
  const { state, change, query, whole, drawn, view, tidy } = useMap();
  const onSelect = useCallback((at: string) => change({ at }, { replace: true }), [change]);
  const onFocus = useCallback((focus: string) => change({ focus, at: '' }), [change]);
  const flip = useCallback(() => change({ view: view === 'map' ? 'list' : 'map' }), [change, view]);
  useShortcut('v', 'Map or list', flip);
  return (
    <FabricPage
      title="Fabric"
      fill
      about={query.data ? <Summary map={query.data} shown={drawn.graph} /> : 'Who publishes and takes what'}
      actions={
        <>
          <WindowControl value={state.window} onChange={(window) => change({ window }, { replace: true })} />
          <SegmentedControl
            size="xs"
            aria-label="How the fabric is shown"
            value={view}
            onChange={(next) => change({ view: next as 'map' | 'list' })}
            data={VIEWS}
          />
        </>
      }
    >
      <Group gap="xs" align="center">
        <Filters state={state} change={change} map={query.data} />
        <CheckButton opened={state.check} onChange={(check) => change({ check: check || undefined })} />
        <Focused whole={whole} focus={state.focus} onClear={() => onFocus('')} />
        {view === 'map' && (
          <Button size="compact-sm" variant="subtle" leftSection={<IconArrowsMaximize size={14} />} onClick={tidy}>
            Tidy up
          </Button>
        )}
      </Group>
      {query.error && !query.data && <ErrorPanel error={query.error} retry={query.refetch} />}
      {query.isPending && <LoadingPanel />}
      {query.data && <Content drawn={drawn} view={view} selected={state.at} onSelect={onSelect} onFocus={onFocus} />}
      {view === 'map' && query.data && <Legend window={whole.window} />}
      {query.error && query.data && (
        <Text size="xs" c="dimmed">
          The map could not be read again; it may be out of date.
        </Text>
      )}
      <MapDrawer
        whole={has(whole, state.at) ? whole : drawn.graph}
        at={state.at}
        onSelect={onSelect}
        onFocus={onFocus}
      />
    </FabricPage>
  );
}

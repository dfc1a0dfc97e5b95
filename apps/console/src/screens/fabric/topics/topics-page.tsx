import { Checkbox, Text } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useApi } from '../../../app/use-api.ts';
import { ToneBadge } from '../../../ui/badges.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterBar } from '../../../ui/filter-bar.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { flag, oneOf, text, type UrlState } from '../../../ui/url-fields.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { FabricPage } from '../parts/fabric-page.tsx';
import { WindowControl } from '../parts/window-control.tsx';
import { type MapWindow, WINDOWS, windowed } from '../parts/windows.ts';
import type { Topic } from './topic.ts';
import { TopicDrawer } from './topic-drawer.tsx';

const search = {
  q: text(''),
  origin: oneOf(['declared', 'foreign']),
  busy: flag,
  /** How far back figures go. */
  window: oneOf(['15m', '1h', '24h'], '1h'),
  /** The topic that is open. */
  topic: text(''),
};

const CENTRED = { root: { alignSelf: 'center' } } as const;

const columnsOf = (window: MapWindow): readonly Column<Topic>[] => [
  {
    ...{ id: 'topic', header: 'Topic', width: '2.2fr', card: 'title' },
    cell: ({ topic }) => <Untrusted text={topic} line ff="monospace" longest={200} />,
  },
  {
    id: 'title',
    header: 'What it says',
    width: '2fr',
    from: 900,
    cell: ({ title }) => <Untrusted text={title} line />,
  },
  {
    ...{ id: 'publishers', header: 'Publishers', width: 96, align: 'right' },
    cell: ({ publishers }) => publishers.length.toLocaleString('en'),
  },
  {
    ...{ id: 'takers', header: 'Takers', width: 84, align: 'right' },
    cell: ({ takers }) => takers.length.toLocaleString('en'),
  },
  {
    ...{ id: 'events', header: `In ${WINDOWS[window].label}`, width: 96, align: 'right' },
    cell: ({ events }) => events.toLocaleString('en'),
  },
  {
    ...{ id: 'state', header: 'State', width: 150 },
    cell: ({ open, declared }) =>
      !declared ? (
        <ToneBadge tone="calm" word="other system" means="Seen on the fabric, but nobody declares it" />
      ) : open ? (
        <ToneBadge tone="warn" word="open" means="Its data may have any form, and is not trusted" />
      ) : (
        <ToneBadge tone="good" word="declared" means="Its data is held against a schema" />
      ),
  },
];

function matches({ q, origin, busy }: UrlState<typeof search>) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ topic, title, declared, events }: Topic) =>
    words.every((word) => `${topic} ${title}`.toLowerCase().includes(word)) &&
    (origin === undefined || declared === (origin === 'declared')) &&
    (!busy || events > 0);
}

/** Every topic of the fabric: who publishes and takes it, how much went through. */
export function TopicsPage() {
  const [state, change] = useUrlState(search);
  const { data, error, isPending, refetch } = useApi('listTopics', windowed(state.window), {
    every: 15_000,
    keep: true,
  });
  const window = data?.window ?? state.window;
  const columns = useMemo(() => columnsOf(window), [window]);
  const rows = useMemo(
    () =>
      (data?.items ?? []).filter(matches(state)).sort((a, b) => b.events - a.events || a.topic.localeCompare(b.topic)),
    [data, state],
  );
  return (
    <FabricPage title="Topics" about="What can be said on the fabric, who says it and who listens" fill>
      <FilterBar
        search={state.q}
        hint="Search topics"
        facets={[
          {
            ...{ id: 'origin', label: 'Every origin' },
            options: [
              { value: 'declared', label: 'Declared here' },
              { value: 'foreign', label: 'Of other systems' },
            ],
          },
        ]}
        values={{ origin: state.origin }}
        onChange={(fields) => change(fields as Parameters<typeof change>[0], { replace: true })}
      >
        <Checkbox
          size="sm"
          styles={CENTRED}
          label="Busy only"
          checked={state.busy}
          onChange={(event) => change({ busy: event.currentTarget.checked || undefined }, { replace: true })}
        />
        <WindowControl value={state.window} onChange={(window) => change({ window }, { replace: true })} />
      </FilterBar>
      <DataTable
        label="Topics"
        columns={columns}
        rows={rows}
        idOf={({ topic }) => topic}
        nameOf={({ topic }) => topic}
        onOpen={({ topic }) => change({ topic })}
        current={state.topic}
        loading={isPending}
        error={error}
        retry={refetch}
        toneOf={({ dead, events }) => (dead > 0 ? 'bad' : events === 0 ? 'calm' : undefined)}
        empty={
          <EmptyState icon={IconTag} title="No topic">
            <Text size="sm">Topics are declared in content/topics, or show up when a gateway brings them.</Text>
          </EmptyState>
        }
      />
      <TopicDrawer
        window={window}
        topic={data?.items.find(({ topic }) => topic === state.topic)}
        name={state.topic}
        onClose={() => change({ topic: '' })}
      />
    </FabricPage>
  );
}

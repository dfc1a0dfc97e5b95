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
import type { Topic } from './topic.ts';
import { TopicDrawer } from './topic-drawer.tsx';

const search = {
  q: text(''),
  origin: oneOf(['declared', 'foreign']),
  busy: flag,
  /** The topic that is open. */
  topic: text(''),
};

const CENTRED = { root: { alignSelf: 'center' } } as const;

const COLUMNS: readonly Column<Topic>[] = [
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
    ...{ id: 'last_hour', header: 'Last hour', width: 96, align: 'right' },
    cell: ({ last_hour }) => last_hour.toLocaleString('en'),
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
  return ({ topic, title, declared, last_hour }: Topic) =>
    words.every((word) => `${topic} ${title}`.toLowerCase().includes(word)) &&
    (origin === undefined || declared === (origin === 'declared')) &&
    (!busy || last_hour > 0);
}

/** Every topic of the fabric: who publishes and takes it, how much went through. */
export function TopicsPage() {
  const [state, change] = useUrlState(search);
  const { data, error, isPending, refetch } = useApi('listTopics', {}, { every: 15_000 });
  const rows = useMemo(
    () =>
      (data?.items ?? [])
        .filter(matches(state))
        .sort((a, b) => b.last_hour - a.last_hour || a.topic.localeCompare(b.topic)),
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
      </FilterBar>
      <DataTable
        label="Topics"
        columns={COLUMNS}
        rows={rows}
        idOf={({ topic }) => topic}
        nameOf={({ topic }) => topic}
        onOpen={({ topic }) => change({ topic })}
        current={state.topic}
        loading={isPending}
        error={error}
        retry={refetch}
        toneOf={({ dead, last_hour }) => (dead > 0 ? 'bad' : last_hour === 0 ? 'calm' : undefined)}
        empty={
          <EmptyState icon={IconTag} title="No topic">
            <Text size="sm">Topics are declared in content/topics, or show up when a gateway brings them.</Text>
          </EmptyState>
        }
      />
      <TopicDrawer
        topic={data?.items.find(({ topic }) => topic === state.topic)}
        name={state.topic}
        onClose={() => change({ topic: '' })}
      />
    </FabricPage>
  );
}

import { ActionIcon, Anchor, Button, Collapse, Group, Stack, Text } from '@mantine/core';
import { IconChevronRight, IconMessage2Off } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiPages } from '../../../app/use-api.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { JsonView } from '../../../ui/json-view.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { Ref, TraceLink } from '../../../ui/ref.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import styles from './event-feed.module.css';

/** An event as lists show it. */
export interface ShownEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly participant: string;
  readonly at: number;
  readonly cause: string;
  readonly hop: number;
  readonly data: unknown;
}

function Publisher({ participant }: { readonly participant: string }) {
  return participant === 'server' ? <>this server</> : <Ref to={`participant:${participant}`}>{participant}</Ref>;
}

function Details({ event }: { readonly event: ShownEvent }) {
  return (
    <Stack gap={6} className={styles.details ?? ''}>
      <Text size="xs" c="dimmed" component="div" className={styles.about ?? ''}>
        Published by <Publisher participant={event.participant} /> · hop {event.hop}
        {event.cause !== '' && (
          <>
            {' '}
            · because of <Ref to={event.cause} />
          </>
        )}
      </Text>
      <JsonView value={event.data} label="data of the event" />
      <Group gap="md">
        <Text size="sm" component="span">
          <TraceLink to={`event:${event.id}`}>What came of it</TraceLink>
        </Text>
        <Anchor size="sm" component={Link} to="/fabric/what-if" search={{ event: event.id } as never}>
          What would happen if it came now
        </Anchor>
      </Group>
    </Stack>
  );
}

function Row({ event }: { readonly event: ShownEvent }) {
  const [open, setOpen] = useState(false);
  return (
    <li className={styles.row}>
      <div className={styles.head}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-expanded={open}
          aria-label={open ? 'Fold the event' : 'Show the event'}
          onClick={() => setOpen(!open)}
          className={styles.fold ?? ''}
          data-open={open || undefined}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
        <Text size="sm" component="div" className={styles.subject ?? ''}>
          <Untrusted text={event.subject || 'no subject'} line longest={300} />
        </Text>
        <Text size="xs" c="dimmed" component="span" className={styles.when ?? ''}>
          <When at={event.at} />
        </Text>
      </div>
      <Collapse expanded={open}>{open && <Details event={event} />}</Collapse>
    </li>
  );
}

/** The events of a topic, the newest first, growing as they come; of one publisher where one is named. */
export function EventFeed({ topic, participant }: { readonly topic: string; readonly participant?: string }) {
  const query = { topic, limit: 25, ...(participant === undefined ? {} : { participant }) };
  const { items, query: state } = useApiPages('listRecentEvents', { query });
  if (state.error && items.length === 0) return <ErrorPanel error={state.error} retry={state.refetch} />;
  if (state.isPending) return <LoadingRows rows={4} />;
  if (items.length === 0) {
    return (
      <EmptyState icon={IconMessage2Off} title="No events">
        Nothing was published here, as far back as events are kept. What comes now shows up by itself.
      </EmptyState>
    );
  }
  return (
    <Stack gap="xs">
      <ul className={styles.list} aria-label="Events, the newest first">
        {items.map((event) => (
          <Row key={event.id} event={event} />
        ))}
      </ul>
      {state.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={state.isFetchingNextPage}
          onClick={() => state.fetchNextPage()}
        >
          Older events
        </Button>
      )}
    </Stack>
  );
}

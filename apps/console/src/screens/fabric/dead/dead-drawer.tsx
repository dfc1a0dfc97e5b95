import { Alert, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useApi } from '../../../app/use-api.ts';
import { StatusBadge } from '../../../ui/badges.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { JsonView } from '../../../ui/json-view.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { TraceLink } from '../../../ui/ref.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { consumerWords, counted } from '../parts/words.ts';
import { type DeadWish, DecideDead } from './decide-dead.tsx';

function Details({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const may = useMay('fabric:operate');
  const [wish, setWish] = useState<DeadWish>();
  const { data, error, refetch } = useApi('getDead', { id });
  if (error && !data)
    return <ErrorPanel error={error} retry={refetch} title="It is not there any more, or could not be read" />;
  if (!data) return <LoadingRows rows={5} />;
  const decide = (verb: DeadWish['verb']) => setWish({ verb, rows: [data], clear: onClose });
  return (
    <Stack gap="md">
      <Group gap="xs">
        <StatusBadge state={data.state} />
        <Text size="sm">
          failed {counted(data.attempts, 'time')}, since <When at={data.at} />
          {data.state === 'retry' && (
            <>
              , tried again <When at={data.next_at} />
            </>
          )}
        </Text>
      </Group>
      <Alert color="red" variant="light" title="What went wrong">
        <Untrusted text={data.error} />
      </Alert>
      <Text size="sm" component="div">
        <Untrusted text={data.consumer} ff="monospace" longest={200} />
        <Text size="xs" c="dimmed">
          {consumerWords(data.consumer)}
        </Text>
      </Text>
      {may && data.state === 'dead' && (
        <Group gap="xs">
          <Button size="compact-sm" variant="light" onClick={() => decide('redeliver')}>
            Deliver again
          </Button>
          <Button size="compact-sm" color="red" variant="light" onClick={() => decide('discard')}>
            Throw away
          </Button>
        </Group>
      )}
      <Text size="sm">
        <TraceLink to={`event:${data.event}`}>Where it came from, and what came of it</TraceLink>
      </Text>
      {data.envelope === null ? (
        <Text size="sm">The event itself is not retained any more.</Text>
      ) : (
        <JsonView value={data.envelope} label="event" />
      )}
      <DecideDead wish={wish} onClose={() => setWish(undefined)} />
    </Stack>
  );
}

/** One event that a consumer could not deal with: the error in words, the event, and what can be done. */
export function DeadDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  return (
    <Drawer
      opened={id !== ''}
      onClose={onClose}
      position="right"
      size="lg"
      title="An event that was not dealt with"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id !== '' && <Details id={id} onClose={onClose} />}
    </Drawer>
  );
}

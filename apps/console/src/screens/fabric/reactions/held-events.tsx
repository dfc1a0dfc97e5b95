import { Button, Group, Text } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useAction, useApiPages } from '../../../app/use-api.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Section } from '../parts/section.tsx';
import { counted } from '../parts/words.ts';
import { HeldTable } from './held-table.tsx';

const CHANGED = ['getReaction', 'listReactions', 'listReactionEvents', 'fabricMap'] as const;

function DiscardAll({ reaction, held }: { readonly reaction: string; readonly held: number }) {
  const [asking, setAsking] = useState(false);
  const discard = useAction('discardHeldEvents', {
    done: ({ discarded }) => `Threw away ${counted(discarded, 'held event')}`,
    refresh: CHANGED,
  });
  return (
    <>
      <Button size="compact-sm" color="red" variant="light" onClick={() => setAsking(true)}>
        Throw all away
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Throw away ${counted(held, 'held event')}?`}
        verb="Throw away"
        danger
        onConfirm={() => discard.mutateAsync({ id: reaction })}
      >
        The reaction will not act on them. They stay in the log and in their traces.
      </Confirm>
    </>
  );
}

/** What waits for its turn or for people at one reaction; nothing while nothing does. */
export function HeldEvents({ reaction, held }: { readonly reaction: string; readonly held: number }) {
  const may = useMay('fabric:operate');
  const { items, query } = useApiPages('listReactionEvents', { query: { reaction, outcome: 'held' } });
  if (held === 0 && items.length === 0) return null;
  return (
    <Section
      title="Held"
      about="These events wait for their turn or for people. What waits too long expires and is not acted on."
      action={
        <Group gap="xs">
          <IconPlayerPause size={16} aria-hidden />
          <Text size="sm">{counted(held, 'event')}</Text>
          {may && <DiscardAll reaction={reaction} held={held} />}
        </Group>
      }
    >
      <HeldTable rows={items} query={query} flow={items.length <= 50} />
    </Section>
  );
}

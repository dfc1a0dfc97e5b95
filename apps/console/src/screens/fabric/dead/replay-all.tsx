import type { CallResult } from '@counterpoint/sdk';
import { Button, Text } from '@mantine/core';
import { IconMailForward } from '@tabler/icons-react';
import { useState } from 'react';
import { refresh, useAction } from '../../../app/use-api.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { showDone } from '../../../ui/notices.tsx';
import { counted } from '../parts/words.ts';
import { MEANS, Receivers } from './decide-dead.tsx';
import { CHANGED } from './deliveries.ts';
import { MOST_AT_ONCE, replayAll } from './replay.ts';

/** A consumer, and how many dead letters it has. */
export type Standing = Pick<CallResult<'listConsumers'>['items'][number], 'name' | 'dead'>;

interface ReplayAllProps {
  /** Who has dead letters, and how many. */
  readonly standings: readonly Standing[];
  /** The one whose dead letters are shown; empty: all. */
  readonly consumer: string;
}

/** Delivers all dead letters again that match the filter, whether they are on the page or not. */
export function ReplayAll({ standings, consumer }: ReplayAllProps) {
  const [opened, setOpened] = useState(false);
  const [done, setDone] = useState(0);
  const replay = useAction('redeliverAllDead');
  const meant = standings.filter(({ name, dead }) => dead > 0 && (consumer === '' || name === consumer));
  const count = meant.reduce((sum, { dead }) => sum + dead, 0);
  const confirm = async (reason: string) => {
    let sum = 0;
    try {
      const wish = { reason, ...(consumer === '' ? {} : { consumer }) };
      await replayAll(
        (body) => replay.mutateAsync({ body }),
        wish,
        (next) => {
          sum = next;
          setDone(next);
        },
      );
    } finally {
      setDone(0);
      if (sum > 0) showDone(`${counted(sum, 'dead letter')} on the way again`);
      await refresh(CHANGED);
    }
  };
  return (
    <>
      {count > 0 && (
        <Button variant="default" leftSection={<IconMailForward size={16} />} onClick={() => setOpened(true)}>
          Deliver all {count.toLocaleString('en')} again
        </Button>
      )}
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Deliver ${counted(Math.min(count, MOST_AT_ONCE), 'dead letter')} again?`}
        verb="Deliver again"
        reason="required"
        onConfirm={confirm}
      >
        <Text size="sm">
          {MEANS}
          {count > MOST_AT_ONCE &&
            ` No more than ${MOST_AT_ONCE.toLocaleString('en')} go at once, the oldest first; the others stay here.`}
        </Text>
        <Receivers counts={meant.map(({ name, dead }) => [name, dead])} />
        {done > 0 && (
          <Text size="sm" role="status">
            {counted(done, 'dead letter')} on the way so far
          </Text>
        )}
      </Confirm>
    </>
  );
}

import { Text } from '@mantine/core';
import { refresh, useAction } from '../../../app/use-api.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { showDone } from '../../../ui/notices.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { inTurn } from '../parts/in-turn.ts';
import { consumerWords, counted } from '../parts/words.ts';
import { CHANGED, type Delivery } from './deliveries.ts';

/** What is to be done with which dead letters. */
export interface DeadWish {
  readonly verb: 'redeliver' | 'discard';
  readonly rows: readonly Pick<Delivery, 'id' | 'consumer'>[];
  readonly clear: () => void;
}

/** What delivering dead letters again means. */
export const MEANS =
  'Each goes to its consumer again, next in turn. What was done for it before is not done twice. If it fails again, it is tried as often as the first time.';

const WORDS = {
  redeliver: {
    title: (count: string) => `Deliver ${count} again?`,
    verb: 'Deliver again',
    done: (count: string) => `${count} on the way again`,
    means: MEANS,
  },
  discard: {
    title: (count: string) => `Throw ${count} away?`,
    verb: 'Throw away',
    done: (count: string) => `${count} thrown away`,
    means: 'The consumer will never get them. The events themselves stay in the log. That cannot be taken back.',
  },
} as const;

/** Who it is about: each consumer in words, with how many. */
export function Receivers({ counts }: { readonly counts: readonly (readonly [consumer: string, count: number])[] }) {
  return (
    <Text size="sm" component="ul" m={0} pl="md">
      {counts.map(([consumer, own]) => (
        <li key={consumer}>
          {counted(own, 'event')}: <Untrusted text={consumerWords(consumer)} longest={200} />
        </li>
      ))}
    </Text>
  );
}

/** Asks why, and delivers dead letters again or throws them away. */
export function DecideDead({ wish, onClose }: { readonly wish: DeadWish | undefined; readonly onClose: () => void }) {
  const redeliver = useAction('redeliverDead');
  const discard = useAction('discardDead');
  const words = WORDS[wish?.verb ?? 'redeliver'];
  const count = counted(wish?.rows.length ?? 0, 'dead letter');
  const byConsumer = Map.groupBy(wish?.rows ?? [], ({ consumer }) => consumer);
  const confirm = async (reason: string) => {
    const call = wish?.verb === 'discard' ? discard : redeliver;
    try {
      await inTurn(wish?.rows ?? [], ({ id }) => call.mutateAsync({ id, body: { reason } }));
      showDone(words.done(count));
      wish?.clear();
    } finally {
      await refresh(CHANGED);
    }
  };
  return (
    <Confirm
      opened={wish !== undefined}
      onClose={onClose}
      title={words.title(count)}
      verb={words.verb}
      danger={wish?.verb === 'discard'}
      reason="required"
      onConfirm={confirm}
    >
      <Text size="sm">{words.means}</Text>
      <Receivers counts={[...byConsumer].map(([consumer, own]) => [consumer, own.length])} />
    </Confirm>
  );
}

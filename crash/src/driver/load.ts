import type { Random } from '../random.ts';
import { startedKinds } from '../workload/kinds.ts';
import { newDelivery } from './client.ts';
import type { Session } from './session.ts';

const SENDERS = 6;
const SENDERS_UP_TO = 8;

/** Resolves after so many milliseconds. */
export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Webhooks that come without end. */
export interface Load {
  /** Stops, and resolves with the next number when everything that was sent is acknowledged. */
  stop(): Promise<number>;
}

/**
 * Load on whatever servers `urls` gives, until it is stopped.
 *
 * @param first number of the first webhook; each has one of its own
 * @param rest longest pause of a sender between two webhooks, in milliseconds
 * @param kinds what the webhooks start
 */
export function loadOn(
  session: Session,
  random: Random,
  first: number,
  urls: () => readonly (string | undefined)[],
  rest = 40,
  kinds = startedKinds,
): Load {
  let next = first;
  let going = true;
  const sender = async (): Promise<void> => {
    while (going) {
      const number = next++;
      await session.deliver(newDelivery(random.pick(kinds), number, random), () => random.pick(urls()));
      await pause(random.between(5, rest));
    }
  };
  const done = Promise.all(Array.from({ length: SENDERS }, sender));
  return {
    async stop() {
      going = false;
      await done;
      return next;
    },
  };
}

/** Sends what is allowed so far, so that the load lasts as long as the kills do. */
export async function loadUpTo(session: Session, random: Random, total: number, allowed: () => number): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < total) {
      if (next >= allowed()) {
        await pause(20);
        continue;
      }
      const number = next++;
      await session.deliver(newDelivery(random.pick(startedKinds), number, random));
      await pause(random.between(0, 15));
    }
  };
  await Promise.all(Array.from({ length: SENDERS_UP_TO }, sender));
}

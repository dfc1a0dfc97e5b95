import type { Reader } from '@counterpoint/events';
import { MINUTE, MINUTES, type Traffic } from './traffic.ts';

/**
 * Counts what is in the event log of the last hour already, so that figures mean the same from the first moment on and in
 * whichever process. Minute by minute: after an hour of hundreds of events a second each look at the store is still short.
 */
export async function recallTraffic(
  store: Pick<Reader, 'tally'>,
  clock: { now(): number },
  traffic: Pick<Traffic, 'add'>,
): Promise<void> {
  const now = Math.floor(clock.now() / MINUTE);
  for (let minute = now - MINUTES + 1; minute <= now; minute++) {
    const at = minute * MINUTE;
    const groups = await store.tally('outbox', {
      // Of what is in the log it is the time of the event, and the column that is indexed.
      where: { state: 'delivered', next_at: { gte: at, lt: at + MINUTE } },
      by: ['topic', 'participant'],
    });
    for (const { values, count } of groups) traffic.add(String(values[0]), String(values[1]), at, count);
  }
}

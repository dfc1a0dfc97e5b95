import { setImmediate } from 'node:timers/promises';
import type { EventLog, Reader } from '@counterpoint/events';
import { createTraffic, MINUTE, type Published, type Span, widthOf } from './traffic.ts';

/** What {@link openTraffic} counts with. */
export interface TrafficOptions {
  readonly store: Pick<Reader, 'find' | 'tally'>;
  readonly clock: { now(): number };
  readonly eventLog: Pick<EventLog, 'tail'>;
  /** Is told when what is stored could not be read; it is tried again when it is asked for. */
  readonly onError: (error: unknown) => void;
}

/** What is published, counted as it comes. */
export interface OpenTraffic {
  /** Resolves once what was published before counts too: at once, but for the longest span right after a start. */
  over(span: Span): Promise<Published>;
  stop(): void;
}

const HOUR = widthOf('1h');
const DAY = widthOf('24h');

/**
 * Counts what is in the event log already and what comes from now on, so that figures mean the same from the first moment on
 * and in whichever process. The last hour is read before this resolves, what is older while others have their turn.
 */
export async function openTraffic({ store, clock, eventLog, onError }: TrafficOptions): Promise<OpenTraffic> {
  const traffic = createTraffic(clock);
  const begun = clock.now();
  const first = await firstAfter(store, begun - DAY);
  /** What is older and comes only now is found where it is stored, and counted then. */
  let since = (Math.floor(begun / MINUTE) + 1) * MINUTE;
  let stopped = false;
  // Minute by minute: after an hour of hundreds of events a second each look at the store is still short.
  const readBack = async (moment: number): Promise<void> => {
    while (!stopped && since > Math.max(moment, first)) {
      const at = since - MINUTE;
      const groups = await store.tally('outbox', {
        // Of what is in the log it is the time of the event, and the column that is indexed.
        where: { state: 'delivered', next_at: { gte: at, lt: since } },
        by: ['topic', 'participant'],
      });
      for (const { values, count } of groups) traffic.add(String(values[0]), String(values[1]), at, count);
      since = at;
      await setImmediate();
    }
  };
  let whole: Promise<void> | undefined;
  const readDay = async (): Promise<void> => {
    try {
      await readBack(begun - DAY);
      since = Number.NEGATIVE_INFINITY;
    } catch (error) {
      whole = undefined;
      throw error;
    }
  };
  await readBack(begun - HOUR);
  const untail = await eventLog.tail(['>'], ({ event }) => {
    if (Date.parse(event.time) >= since) traffic.note(event);
  });
  whole = readDay();
  // A store that is closed while it is read is no trouble.
  whole.catch((error: unknown) => {
    if (!stopped) onError(error);
  });
  return {
    async over(span) {
      if (span === '24h') {
        whole ??= readDay();
        await whole;
      }
      return traffic.over(span);
    },
    stop() {
      stopped = true;
      untail();
    },
  };
}

/** When the first event at or after a moment was published; without end when there is none. */
async function firstAfter(store: TrafficOptions['store'], moment: number): Promise<number> {
  const where = { state: 'delivered', next_at: { gte: moment } } as const;
  const [row] = await store.find('outbox', { where, orderBy: [{ column: 'next_at' }], limit: 1 });
  return row?.next_at ?? Number.POSITIVE_INFINITY;
}

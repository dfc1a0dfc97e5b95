import type { ConsumerStanding, EventLog, Store } from '@counterpoint/events';

/** What it is looked at with whether everybody who reacts has dealt with events. */
export interface CaughtUpOptions {
  readonly store: Store;
  readonly clock: { after(millis: number, run: () => void): unknown };
  readonly eventLog: Pick<EventLog, 'bounds' | 'standings'>;
  /** The consumers that start what follows from events. */
  readonly consumers: readonly string[];
}

/** How often it is looked, and how long between, in milliseconds: other processes write down within 5 s how far they are. */
const LOOKS = 70;
const BETWEEN = 100;
const GROUP = 500;

/** Waits, for a few seconds at most, until those who start something have dealt with some events; whether they have. */
export type CaughtUp = (events: readonly string[]) => Promise<boolean>;

/**
 * Makes {@link CaughtUp}. Once it says yes, nothing follows from the events any more that is not there yet. Many who wait
 * at once look at the log together.
 */
export function createCaughtUp(options: CaughtUpOptions): CaughtUp {
  const { clock, eventLog, consumers } = options;
  let looking: Promise<readonly ConsumerStanding[]> | undefined;
  const look = () => {
    looking ??= eventLog.standings().finally(() => clock.after(BETWEEN, () => (looking = undefined)));
    return looking;
  };
  const haveCome = async (end: number): Promise<boolean> =>
    (await look()).every(({ name, position }) => !consumers.includes(name) || position >= end);
  return async (events) => {
    let end: number | undefined;
    for (let time = 0; time < LOOKS; time++) {
      if (await isTriedAgain(options, events)) return false;
      end ??= (await isInLog(options, events)) ? (await eventLog.bounds()).last : undefined;
      if (end !== undefined && (await haveCome(end))) return !(await isTriedAgain(options, events));
      await new Promise<void>((resolve) => {
        clock.after(BETWEEN, resolve);
      });
    }
    return false;
  };
}

async function isInLog({ store }: CaughtUpOptions, events: readonly string[]): Promise<boolean> {
  for (let from = 0; from < events.length; from += GROUP) {
    const where = { id: { in: events.slice(from, from + GROUP) }, state: 'pending' } as const;
    if ((await store.find('outbox', { where, limit: 1 })).length > 0) return false;
  }
  return true;
}

/** Whether an event waits for another attempt: what follows from it is still to come. */
async function isTriedAgain({ store, consumers }: CaughtUpOptions, events: readonly string[]): Promise<boolean> {
  for (let from = 0; from < events.length; from += GROUP) {
    const rows = await store.find('deliveries', {
      where: { event: { in: events.slice(from, from + GROUP) } },
      limit: 10_000,
    });
    if (rows.some(({ consumer, state }) => state !== 'dead' && consumers.includes(consumer))) return true;
  }
  return false;
}

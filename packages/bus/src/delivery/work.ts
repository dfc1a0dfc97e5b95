import { type BackoffPolicy, type Clock, isCounterpointError } from '@counterpoint/core';
import type { Change, DeliveryRow, EventConsumer, EventEnvelope, LoggedEvent, Store } from '@counterpoint/events';

/** What every log gives to the consumers that it delivers to. */
export interface DeliveryContext {
  readonly store: Store;
  readonly clock: Clock;
  /** Is told when store or log failed; it is tried again by itself. */
  readonly onError: (error: unknown) => void;
  /** The event of a delivery; undefined when it is no longer kept. */
  readonly lookup: (row: DeliveryRow) => Promise<EventEnvelope | undefined>;
  /** The last position that would be the same after a crash: nothing beyond it may be remembered. */
  readonly durable: () => number;
  /** Milliseconds between looks at what other processes asked to be tried again; undefined when there are none. */
  readonly poll?: number;
}

/** A consumer with its defaults filled in. */
export type FullConsumer = Required<Omit<EventConsumer, 'start'>>;

/** A subject that waits for one of its events to be tried again. */
export interface Held {
  /** When its first event is tried again; 0 while that is not known. */
  due: number;
  /** Whether it is being tried, or about to. */
  trying: boolean;
  /** How many events have fallen behind, ever; and what of that is being written. */
  arrivals: number;
  readonly writing: Set<Promise<unknown>>;
  cancel: () => void;
}

/** A consumer at work. */
export interface Work {
  readonly context: DeliveryContext;
  readonly consumer: FullConsumer;
  /** Highest position that was looked at. */
  taken: number;
  /** Positions that were taken and are not dealt with, in order. */
  readonly open: Set<number>;
  /** Events that wait, by subject; a subject stands here as long as one of its events is under way. */
  readonly lanes: Map<string, LoggedEvent[]>;
  readonly held: Map<string, Held>;
  /** What may start once there is room among those under way. */
  readonly ready: (() => Promise<void>)[];
  readonly underWay: Set<Promise<void>>;
  /** Events that were taken and have not started. */
  waiting: number;
  stopped: boolean;
  /** Ends a wait for the next attempt at the store. */
  readonly pauses: Set<() => void>;
  /** Is called when an event of this position is dealt with, or stands in `deliveries`. */
  onSettled: (position: number) => void;
  /** Is called whenever anything has moved on. */
  onProgress: () => void;
}

const DEFAULT_BACKOFF: BackoffPolicy = { delay: 1_000, factor: 2, max: 300_000 };

/** Begins a consumer's work behind a position; nothing is delivered yet. */
export function createWork(context: DeliveryContext, given: EventConsumer, after: number): Work {
  const { inFlight = 200, maxAttempts = 10, backoff = DEFAULT_BACKOFF, timeout = 30_000 } = given;
  const handle = (logged: LoggedEvent) => given.handle(logged);
  return {
    context,
    consumer: { name: given.name, topics: given.topics, handle, inFlight, maxAttempts, backoff, timeout },
    taken: after,
    open: new Set(),
    lanes: new Map(),
    held: new Map(),
    ready: [],
    underWay: new Set(),
    waiting: 0,
    stopped: false,
    pauses: new Set(),
    onSettled: () => undefined,
    onProgress: () => undefined,
  };
}

/** Every event up to here is dealt with, or stands in `deliveries`. */
export function floorOf({ open, taken }: Work): number {
  const [first] = open;
  return first === undefined ? taken : first - 1;
}

/** Notes that an event needs nothing more from the log. */
export function settle(work: Work, position: number): void {
  work.open.delete(position);
  work.onSettled(position);
  work.onProgress();
}

/** Starts what is ready, as far as there is room. */
export function pump(work: Work): void {
  while (!work.stopped && work.underWay.size < work.consumer.inFlight) {
    const next = work.ready.shift();
    if (!next) return;
    const running = next()
      .catch(work.context.onError)
      .finally(() => {
        work.underWay.delete(running);
        pump(work);
        work.onProgress();
      });
    work.underWay.add(running);
  }
}

/** Milliseconds before something that the store refused is tried again. */
const STORE_AGAIN = 1_000;

function pause({ context, pauses }: Work, delay: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      pauses.delete(end);
      resolve();
    };
    const cancel = context.clock.after(delay, end);
    pauses.add(end);
  });
}

/** Does it until it succeeds; gives undefined when the work was stopped before. */
export async function surely<Value>(work: Work, action: () => Promise<Value>): Promise<Value | undefined> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (work.stopped || isCounterpointError(error, 'events.store_closed')) return undefined;
      work.context.onError(error);
      await pause(work, STORE_AGAIN);
      if (work.stopped) return undefined;
    }
  }
}

/** Commits until it succeeds. False when the work was stopped before. */
export async function commitSurely(work: Work, change: Change): Promise<boolean> {
  const done = await surely(work, async () => {
    await work.context.store.commit(change);
    return true;
  });
  return done ?? false;
}

import { type Clock, newId } from '@counterpoint/core';
import { type EventLog, eventErrors, type LoggedEvent, type StartOfReading } from '@counterpoint/events';
import { createMailbox } from './mailbox.ts';

const IN_FLIGHT = 64;
/** The log need not watch the time itself: it runs from when an event is fetched, and who fetches no more ends the whole. */
const UNWATCHED = 24 * 3_600_000;

/** What a durable subscription was opened with. */
export interface DurableWish {
  readonly topics: readonly string[];
  readonly start: StartOfReading;
  /** A dead letter after so many attempts. */
  readonly attempts: number;
  /** Milliseconds from when it is fetched to when it must be acknowledged. */
  readonly timeout: number;
}

/** An event that a subscriber got, or is to get. */
export interface Handed {
  /** The id that it is acknowledged by. */
  readonly ack: string;
  readonly logged: LoggedEvent;
}

/** A durable subscription at work: the log delivers into it, its one reader fetches and acknowledges. */
export interface Durable {
  readonly wish: DurableWish;
  /**
   * Becomes the reader; the one before is no longer. Gives the signal that is aborted when another reader takes over, or
   * the subscription ends.
   *
   * @param afresh whether the reader knows nothing yet, so that what is not acknowledged comes again first
   */
  attach(afresh: boolean): AbortSignal;
  /** Fetches at least one event; none only once `signal` is aborted. */
  next(max: number, signal: AbortSignal): Promise<readonly Handed[]>;
  /** Done with, or failed with a reason. False: not fetched, or settled or timed out before. */
  settle(ack: string, failed?: string): boolean;
  /** Gives everything back to the log that was not acknowledged, and stops. */
  stop(): Promise<void>;
}

interface Item extends Handed {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** How many readers got it. */
  readers: number;
  cancelTimer: () => void;
}

/** What a reader fetched and has not settled. */
function createFetched(clock: Clock, { timeout }: DurableWish) {
  const items = new Map<string, Item>();
  const settle = (ack: string, failed?: string) => {
    const item = items.get(ack);
    if (!item) return false;
    items.delete(ack);
    item.cancelTimer();
    if (failed === undefined) item.resolve();
    else item.reject(new Error(failed));
    return true;
  };
  return {
    settle,
    add(item: Item) {
      item.readers += 1;
      item.cancelTimer = clock.after(timeout, () => settle(item.ack, `not acknowledged within ${timeout / 1_000} s`));
      items.set(item.ack, item);
    },
    /** Takes everything out, in the order of the log. */
    empty() {
      const all = [...items.values()].sort((one, other) => one.logged.position - other.logged.position);
      items.clear();
      for (const { cancelTimer } of all) cancelTimer();
      return all;
    },
  };
}

/**
 * Goes on with the durable subscription `name`, or begins it.
 *
 * @param allowed asked for each event; what is not allowed counts as dealt with
 * @throws events.log_unavailable
 */
export async function openDurable(
  { log, clock }: { readonly log: EventLog; readonly clock: Clock },
  name: string,
  wish: DurableWish,
  allowed: (logged: LoggedEvent) => boolean,
): Promise<Durable> {
  const waiting = createMailbox<Item>();
  const fetched = createFetched(clock, wish);
  let reader = new AbortController();
  const consumption = await log.consume({
    name,
    topics: wish.topics,
    start: wish.start,
    inFlight: IN_FLIGHT,
    maxAttempts: wish.attempts,
    timeout: UNWATCHED,
    async handle(logged) {
      if (!allowed(logged)) return;
      await new Promise<void>((resolve, reject) => {
        waiting.push({ ack: newId(), logged, resolve, reject, readers: 0, cancelTimer: () => {} });
      });
    },
  });

  return {
    wish,
    attach(afresh) {
      reader.abort();
      reader = new AbortController();
      if (!afresh) return reader.signal;
      const again = fetched.empty();
      // An event that every reader dies of must not come for ever.
      const hopeless = again.filter(({ readers }) => readers >= wish.attempts);
      for (const item of hopeless)
        item.reject(new Error(`${item.readers} connections ended before it was acknowledged`));
      waiting.putBack(again.filter(({ readers }) => readers < wish.attempts));
      return reader.signal;
    },
    async next(max, signal) {
      const items = await waiting.next(max, signal);
      for (const item of items) fetched.add(item);
      return items;
    },
    settle: fetched.settle,
    async stop() {
      reader.abort();
      // What was fetched is remembered one by one: so nothing comes again that was acknowledged behind it.
      const gone = eventErrors.given_back({ reason: 'the subscriber was gone' });
      for (const item of fetched.empty()) item.reject(gone);
      await new Promise(setImmediate);
      // The rest the log still has in its order.
      const stopped = consumption.stop();
      for (const item of waiting.empty()) item.reject(gone);
      await stopped;
    },
  };
}

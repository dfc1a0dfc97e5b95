import { type Clock, systemClock } from '@counterpoint/core';
import { type OutboxRow, outboxRow, type Store } from '@counterpoint/events';

/** A log as the relay sees it. */
export interface RelayTarget {
  /** A relay begins its work. @param drain brings everything that is pending now */
  beginRelay(drain: () => Promise<void>): Promise<void>;
  /**
   * Takes pending events, in order. The next may be given when it resolves; whether they are durable in the log by then is
   * for {@link settled} to say. Rejects when none of them is to count as delivered: they are brought again.
   */
  bring(rows: readonly OutboxRow[]): Promise<void>;
  /** Resolves when everything that was brought is marked as delivered. */
  settled(): Promise<void>;
  endRelay(): Promise<void>;
}

/** How a {@link createRelay} works. */
export interface RelayOptions {
  readonly store: Store;
  readonly target: RelayTarget;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Nobody else commits to the store: what is committed is brought at once, without a look at the store. */
  readonly alone: boolean;
  /** Milliseconds between looks at the outbox that nothing asked for. Default 30 s. */
  readonly poll?: number;
  /** Is told when store or log failed; the relay tries again by itself. */
  readonly onError?: (error: unknown) => void;
}

/** Brings the events of the outbox to the log, in order. One relay works on a store at a time. */
export interface Relay {
  /** Takes up what an earlier process left, and from then on every committed event. */
  start(): Promise<void>;
  /** Resolves when everything that is pending now is in the log, or could not be brought there. */
  drain(): Promise<void>;
  /** Takes nothing more and resolves when what is under way is marked. */
  stop(): Promise<void>;
}

/** Rows that are read at a time, and events that wait in memory before they are rather read again. */
const PAGE = 500;
const MOST_WAITING = 20_000;

/** Milliseconds before what failed is tried again. */
const AGAIN = 1_000;

interface State {
  readonly options: Required<RelayOptions>;
  /** Committed events that were not brought yet; only while `live`. */
  waiting: OutboxRow[];
  /** Everything that is pending is under way: what is committed from now on comes next. */
  live: boolean;
  /** Something was committed since the last look at the store began. */
  stale: boolean;
  started: boolean;
  again: boolean;
  failed: boolean;
  round: Promise<void> | undefined;
  cancelTimer: () => void;
}

/** Makes a {@link Relay}; nothing happens before `start`. */
export function createRelay(given: RelayOptions): Relay {
  const state: State = {
    options: { clock: systemClock, poll: 30_000, onError: () => undefined, ...given },
    waiting: [],
    live: false,
    stale: false,
    started: false,
    again: false,
    failed: false,
    round: undefined,
    cancelTimer: () => undefined,
  };
  let unsubscribe: () => void = () => undefined;

  const wake = (): void => {
    state.again = true;
    if (!state.started || state.round) return;
    // Not within the commit that wakes it: whoever committed goes on first.
    state.round = Promise.resolve()
      .then(() => rounds(state))
      .finally(() => {
        state.round = undefined;
        if (state.started) arm();
      });
  };
  const arm = (): void => {
    const { clock, poll } = state.options;
    state.cancelTimer();
    state.cancelTimer = clock.after(state.failed ? AGAIN : poll, () => {
      state.live = state.waiting.length > 0;
      wake();
    });
    if (state.again && !state.failed) wake();
  };
  const drain = async (): Promise<void> => {
    wake();
    while (state.round) await state.round;
    await state.options.target.settled();
  };
  return {
    async start() {
      if (state.started) return;
      await state.options.target.beginRelay(drain);
      state.started = true;
      unsubscribe = state.options.store.onCommitted(({ events }) => {
        if (!events?.length) return;
        note(state, events.map(outboxRow));
        if (!state.failed) wake();
      });
      wake();
    },
    drain,
    async stop() {
      if (!state.started) return;
      state.started = false;
      unsubscribe();
      state.cancelTimer();
      await state.round;
      await state.options.target.endRelay();
    },
  };
}

function note(state: State, rows: readonly OutboxRow[]): void {
  state.stale = true;
  if (!state.live) return;
  for (const row of rows) state.waiting.push(row);
  if (state.waiting.length > MOST_WAITING) fallBack(state);
}

/** Forgets what waits in memory: it is read from the store. */
function fallBack(state: State): void {
  state.live = false;
  state.waiting = [];
}

async function rounds(state: State): Promise<void> {
  while (state.again && state.started) {
    state.again = false;
    try {
      await (state.live ? bringWaiting(state) : bringPending(state));
      state.failed = false;
    } catch (error) {
      state.failed = true;
      fallBack(state);
      state.options.onError(error);
      return;
    }
  }
}

async function bringWaiting(state: State): Promise<void> {
  while (state.started && state.waiting.length > 0) {
    const rows = state.waiting;
    state.waiting = [];
    await state.options.target.bring(rows);
  }
}

/** Brings what the store holds as pending, the oldest first, until nothing is left. */
async function bringPending(state: State): Promise<void> {
  const { store, target, alone } = state.options;
  await target.settled();
  while (state.started) {
    state.stale = false;
    const orderBy = [{ column: 'next_at' }] as const;
    const rows = await store.find('outbox', { where: { state: 'pending' }, orderBy, limit: PAGE });
    if (rows.length > 0) {
      await target.bring(rows);
      await target.settled();
    } else if (!state.stale) {
      state.live = alone;
      return;
    }
  }
}

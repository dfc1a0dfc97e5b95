import { type BackoffPolicy, backoffDelay, type Clock, isCounterpointError, systemClock } from '@counterpoint/core';
import {
  type AuditEntry,
  type Change,
  type EventEnvelope,
  mergeChanges,
  type OutboxRow,
  type Store,
} from '@counterpoint/events';
import { deliver, type Subscriber } from './delivery.ts';

/** How a {@link createDispatcher} works. */
export interface DispatcherOptions {
  readonly store: Store;
  readonly subscribers: readonly Subscriber[];
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** After so many failed attempts an event is dead. Default 10. */
  readonly maxAttempts?: number;
  /** How many events are under way at once and marked by one commit. Default 200. */
  readonly batch?: number;
  /** Waits between attempts. Default: 1 s, doubling, up to 5 minutes. */
  readonly backoff?: BackoffPolicy;
  /** Milliseconds after which a subscriber that has not answered counts as failed. Default 30 s. */
  readonly timeout?: number;
  /** Milliseconds between looks at the outbox that nothing asked for. Default 30 s. */
  readonly poll?: number;
  /** Is told when the store could not be read or written; the dispatcher tries again by itself. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Brings the events of the outbox to their subscribers: at least once each, those of one subject in order. An event
 * that keeps failing holds back its own subject only, and after `maxAttempts` becomes `dead`, with an audit entry.
 * One dispatcher works on a store at a time.
 */
export interface Dispatcher {
  /** Takes up what an earlier process left, and from then on every committed event. */
  start(): Promise<void>;
  /** Resolves when everything in the outbox is delivered, dead, or waiting for its next attempt. */
  drain(): Promise<void>;
  /** Takes nothing more and resolves when what is under way is marked. */
  stop(): Promise<void>;
}

/** An event that failed and holds back its subject. */
interface Retry {
  readonly id: string;
  readonly due: number;
  /** Subscribers that have dealt with it. */
  readonly done: Set<string>;
}

interface State {
  readonly options: Required<Omit<DispatcherOptions, 'onError'>>;
  readonly retries: Map<string, Retry>;
  started: boolean;
  /** Wanted while a round was under way. */
  again: boolean;
  round: Promise<void> | undefined;
  /** The store could not be read or written. */
  failed: boolean;
  cancelTimer: () => void;
}

const DEFAULTS = {
  clock: systemClock,
  maxAttempts: 10,
  batch: 200,
  backoff: { delay: 1_000, factor: 2, max: 300_000 },
  timeout: 30_000,
  poll: 30_000,
};

/** Makes a {@link Dispatcher}; nothing happens before `start`. */
export function createDispatcher(given: DispatcherOptions): Dispatcher {
  const state: State = {
    options: { ...DEFAULTS, ...given },
    retries: new Map(),
    started: false,
    again: false,
    round: undefined,
    failed: false,
    cancelTimer: () => undefined,
  };
  let unsubscribe: () => void = () => undefined;

  const wake = (): void => {
    state.again = true;
    if (!state.started || state.round) return;
    state.round = rounds().finally(() => {
      state.round = undefined;
      if (state.started) arm();
    });
  };

  const rounds = async (): Promise<void> => {
    while (state.again && state.started) {
      state.again = false;
      try {
        while (state.started && (await deliverBatch(state)));
        state.failed = false;
      } catch (error) {
        state.failed = true;
        given.onError?.(error);
        return;
      }
    }
  };

  /** Sleeps until the next retry, or the next look that nothing asked for. */
  const arm = (): void => {
    const { clock, poll, backoff } = state.options;
    const now = clock.now();
    const due = Math.min(
      now + (state.failed ? backoff.delay : poll),
      ...[...state.retries.values()].map((retry) => retry.due),
    );
    state.cancelTimer();
    state.cancelTimer = clock.after(Math.max(due - now, 1), wake);
    if (state.again) wake();
  };

  return {
    async start() {
      if (state.started) return;
      state.started = true;
      unsubscribe = state.options.store.onCommitted((change) => {
        if (change.events?.length) wake();
      });
      await loadRetries(state);
      wake();
    },
    async drain() {
      wake();
      while (state.round) await state.round;
    },
    async stop() {
      state.started = false;
      unsubscribe();
      state.cancelTimer();
      await state.round;
    },
  };
}

/** Finds the events that an earlier process left waiting for another attempt. */
async function loadRetries(state: State): Promise<void> {
  const { store } = state.options;
  const where = { state: 'pending', attempts: { gt: 0 } } as const;
  for (let after: string[] | undefined; ; ) {
    const rows = await store.find('outbox', { where, limit: 500, ...(after && { after }) });
    for (const row of rows) hold(state.retries, row);
    const last = rows.at(-1);
    if (!last || rows.length < 500) return;
    after = [last.id];
  }
}

/** Delivers what is due, up to a batch, and marks it by one commit. False when nothing was due. */
async function deliverBatch(state: State): Promise<boolean> {
  const rows = await takeBatch(state);
  if (rows.length === 0) return false;
  const subjects = Map.groupBy(rows, (row) => row.subject);
  const marks = await Promise.all([...subjects.values()].map((queue) => deliverInOrder(state, queue)));
  await commitMarks(state, marks.flat());
  return true;
}

/** Due retries first, then new events in the order of their time, but none of a subject that is held back. */
async function takeBatch({ options, retries }: State): Promise<readonly OutboxRow[]> {
  const { store, clock, batch } = options;
  const now = clock.now();
  const taken: OutboxRow[] = [];
  const released = new Set<string>();
  for (const [subject, { id, due }] of retries) {
    if (due > now || taken.length >= batch) continue;
    const row = await store.get('outbox', id);
    if (row?.state === 'pending') {
      taken.push(row);
      released.add(subject);
    } else retries.delete(subject);
  }
  const orderBy = [{ column: 'next_at' }] as const;
  for (let after: (string | number)[] | undefined; taken.length < batch; ) {
    const where = { state: 'pending' } as const;
    const rows = await store.find('outbox', { where, orderBy, limit: batch, ...(after && { after }) });
    for (const row of rows) {
      const retry = retries.get(row.subject);
      if (taken.length >= batch || retry?.id === row.id || (retry && !released.has(row.subject))) continue;
      if (row.next_at > now && row.attempts > 0) hold(retries, row);
      else taken.push(row);
    }
    const last = rows.at(-1);
    if (!last || rows.length < batch) break;
    after = [last.next_at, last.id];
  }
  return taken;
}

/** Lets a failed event hold back its subject until it is due; the first one known does. */
function hold(retries: State['retries'], { id, subject, next_at }: OutboxRow): void {
  if (!retries.has(subject)) retries.set(subject, { id, due: next_at, done: new Set() });
}

/** Delivers the events of one subject one after the other, up to the first that has to be tried again. */
async function deliverInOrder(state: State, queue: readonly OutboxRow[]): Promise<readonly Change[]> {
  const { clock, subscribers, timeout, maxAttempts, backoff } = state.options;
  const marks: Change[] = [];
  for (const row of queue) {
    const done = state.retries.get(row.subject)?.done ?? new Set<string>();
    const event = row.envelope as unknown as EventEnvelope;
    const error = await deliver(event, subscribers, done, clock, timeout);
    const attempts = row.attempts + 1;
    if (error !== undefined && attempts < maxAttempts) {
      const due = clock.now() + backoffDelay(backoff, attempts);
      state.retries.set(row.subject, { id: row.id, due, done });
      marks.push(mark(row, { attempts, error, next_at: due }));
      return marks;
    }
    state.retries.delete(row.subject);
    if (error === undefined) marks.push(mark(row, { attempts, error: '', state: 'delivered' }));
    else {
      const dead = mark(row, { attempts, error, state: 'dead' });
      marks.push({ ...dead, audit: [deadLetter(row, attempts, error, clock.now())] });
    }
  }
  return marks;
}

function mark(row: OutboxRow, changes: Partial<OutboxRow>): Change {
  return { rows: [{ op: 'update', table: 'outbox', row: { ...row, ...changes, rev: row.rev + 1 } }] };
}

function deadLetter(row: OutboxRow, attempts: number, error: string, at: number): AuditEntry {
  const data = { topic: row.topic, subject: row.subject, attempts, error };
  return { at, principal: 'system', action: 'event.dead', object: `event:${row.id}`, data, trace: row.trace };
}

/** One commit for all marks; when somebody else changed one of the rows meanwhile, one for each. */
async function commitMarks(state: State, marks: readonly Change[]): Promise<void> {
  const { store } = state.options;
  try {
    await store.commit(mergeChanges(...marks));
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    for (const result of await Promise.allSettled(marks.map((one) => store.commit(one)))) {
      if (result.status === 'rejected' && !isCounterpointError(result.reason, 'events.conflict')) throw result.reason;
    }
  }
}

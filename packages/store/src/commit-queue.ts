import { type Change, eventErrors } from '@counterpoint/events';

/** What became of one change: undefined when it is durable, else why it was refused. */
export type Outcome = Error | undefined;

/** How a {@link createCommitQueue} works. */
export interface CommitQueueOptions {
  /**
   * Writes a group in one transaction and returns when it is durable, with one outcome for each change. When it
   * throws, nothing of the group was written.
   */
  readonly flush: (changes: readonly Change[]) => readonly Outcome[] | Promise<readonly Outcome[]>;
  /** The error that a thrown one is to the callers. */
  readonly failure: (cause: unknown) => Error;
  /** How many changes may wait; one more is `events.store_busy`. */
  readonly maxPending: number;
  /** How many changes one transaction takes, so that a burst cannot block everything else for long. */
  readonly maxGroup: number;
  /** Is told of a listener that threw. */
  readonly onListenerError: (error: unknown) => void;
}

/** The writing half of a store, without its storage. */
export interface CommitQueue {
  commit(change: Change): Promise<void>;
  onCommitted(listener: (change: Change) => void): () => void;
  /** Refuses new changes and resolves when those accepted before are written. */
  close(): Promise<void>;
}

interface Waiting {
  readonly change: Change;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Group commit that flushes when free: what gathers while one group is written is the next group, and a first change
 * waits for nothing but the end of the current turn of the event loop.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const listeners = new Set<(change: Change) => void>();
  let waiting: Waiting[] = [];
  let busy = false;
  let closed = false;
  let idle: (() => void)[] = [];

  const schedule = () => {
    if (busy || waiting.length === 0) return;
    busy = true;
    setImmediate(() => {
      const group = waiting.slice(0, options.maxGroup);
      waiting = waiting.slice(options.maxGroup);
      write(group);
    });
  };

  const write = (group: readonly Waiting[]) => {
    let outcomes: ReturnType<CommitQueueOptions['flush']>;
    try {
      outcomes = options.flush(group.map(({ change }) => change));
    } catch (cause) {
      fail(group, cause);
      return;
    }
    if (outcomes instanceof Promise) {
      outcomes.then(
        (settled) => settle(group, settled),
        (cause) => fail(group, cause),
      );
    } else settle(group, outcomes);
  };

  const fail = (group: readonly Waiting[], cause: unknown) => {
    const error = options.failure(cause);
    settle(
      group,
      group.map(() => error),
    );
  };

  const settle = (group: readonly Waiting[], outcomes: readonly Outcome[]) => {
    for (const [index, { change }] of group.entries()) if (!outcomes[index]) announce(change);
    for (const [index, { resolve, reject }] of group.entries()) {
      const refusal = outcomes[index];
      if (refusal) reject(refusal);
      else resolve();
    }
    busy = false;
    schedule();
    if (!busy) {
      for (const resolve of idle) resolve();
      idle = [];
    }
  };

  const announce = (change: Change) => {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        options.onListenerError(error);
      }
    }
  };

  return {
    commit(change) {
      if (closed) return Promise.reject(eventErrors.store_closed());
      if (waiting.length >= options.maxPending) {
        return Promise.reject(eventErrors.store_busy({ pending: waiting.length }));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject });
        schedule();
      });
    },
    onCommitted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      closed = true;
      return busy ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve();
    },
  };
}

import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { RowWrite, Store } from '@counterpoint/events';

/** Rows that one commit marks at most. */
const BATCH = 1_000;

/** Milliseconds before a mark that the store refused is tried again. */
const AGAIN = 1_000;

/** Marks events as delivered while others are delivered already. */
export interface Marker<One> {
  mark(all: readonly One[]): void;
  /** Resolves when everything that was given is marked, or given up. */
  settled(): Promise<void>;
  /** Gives up what the store does not take at once. */
  stop(): Promise<void>;
}

/** What a {@link createMarker} needs. */
export interface MarkerOptions<One> {
  readonly store: Store;
  readonly clock: Clock;
  /** The write that marks one. */
  readonly write: (one: One) => RowWrite;
  /** A write that goes with every batch, for its last. */
  readonly seal?: (last: One) => RowWrite;
  /** Is called when everything up to this one is durable. */
  readonly onMarked?: (last: One) => void;
  readonly onError: (error: unknown) => void;
}

/** Makes a {@link Marker} that writes while it has something, one batch at a time. */
export function createMarker<One>(options: MarkerOptions<One>): Marker<One> {
  const { clock, onError } = options;
  let waiting: One[] = [];
  let round: Promise<void> | undefined;
  let stopped = false;
  let wakeUp = () => {};

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(AGAIN, resolve);
      wakeUp = () => {
        cancel();
        resolve();
      };
    });
  const rounds = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      try {
        await writeBatch(options, batch);
        waiting = waiting.slice(batch.length);
      } catch (error) {
        onError(error);
        if (!stopped) await pause();
        if (stopped) return;
      }
    }
  };
  const start = (): void => {
    round ??= rounds().finally(() => {
      round = undefined;
      if (waiting.length > 0 && !stopped) start();
    });
  };
  return {
    mark(all) {
      for (const one of all) waiting.push(one);
      start();
    },
    async settled() {
      while (round) await round;
    },
    async stop() {
      stopped = true;
      wakeUp();
      await round;
    },
  };
}

async function writeBatch<One>(options: MarkerOptions<One>, batch: readonly One[]): Promise<void> {
  const { store, write, seal, onMarked } = options;
  const last = batch.at(-1);
  if (last === undefined) return;
  const sealed = seal ? [seal(last)] : [];
  try {
    await store.commit({ rows: [...batch.map(write), ...sealed] });
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    // Somebody has changed one of the rows: that one is left as it is.
    for (const result of await Promise.allSettled(batch.map((one) => store.commit({ rows: [write(one)] })))) {
      if (result.status === 'rejected' && !isCounterpointError(result.reason, 'events.conflict')) throw result.reason;
    }
    if (sealed.length > 0) await store.commit({ rows: sealed });
  }
  onMarked?.(last);
}

import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { OutboxRow, RowWrite, Store } from '@counterpoint/events';
import type { Counter } from './counter.ts';

/** Rows that one commit marks at most. */
const BATCH = 1_000;

/** Milliseconds before a mark that the store refused is tried again. */
const AGAIN = 1_000;

/** An outbox row that has got its position. */
export interface Placed {
  readonly row: OutboxRow;
  readonly position: number;
}

/** Marks events as delivered at their positions, while others are delivered already: it has the only say. */
export interface Marker {
  mark(placed: readonly Placed[]): void;
  /** Resolves when everything that was given is durable. */
  settled(): Promise<void>;
  /** Gives up what the store does not take at once. */
  stop(): Promise<void>;
}

/** What a {@link createMarker} needs. */
export interface MarkerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly counter: Counter;
  readonly onDurable: (position: number) => void;
  readonly onError: (error: unknown) => void;
}

/** The write that puts an event at its place. */
export function placing({ row, position }: Placed): RowWrite {
  return { op: 'update', table: 'outbox', row: { ...row, state: 'delivered', position, rev: row.rev + 1 } };
}

/** Makes a {@link Marker} that writes while it has something, one batch at a time. */
export function createMarker({ store, clock, counter, onDurable, onError }: MarkerOptions): Marker {
  let waiting: Placed[] = [];
  let round: Promise<void> | undefined;
  let stopped = false;
  let wakeUp = () => {};

  const write = async (batch: readonly Placed[]): Promise<void> => {
    const last = batch.at(-1)?.position ?? counter.position;
    try {
      await store.commit({ rows: [...batch.map(placing), counter.write(last)] });
    } catch (error) {
      if (!isCounterpointError(error, 'events.conflict')) throw error;
      // Somebody has changed one of the rows: it loses its place, the others keep theirs.
      for (const result of await Promise.allSettled(batch.map((one) => store.commit({ rows: [placing(one)] })))) {
        if (result.status === 'rejected' && !isCounterpointError(result.reason, 'events.conflict')) throw result.reason;
      }
      await store.commit({ rows: [counter.write(last)] });
    }
    counter.written();
    onDurable(last);
  };
  const rounds = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      try {
        await write(batch);
        waiting = waiting.slice(batch.length);
      } catch (error) {
        onError(error);
        if (stopped) return;
        await new Promise<void>((resolve) => {
          const cancel = clock.after(AGAIN, resolve);
          wakeUp = () => {
            cancel();
            resolve();
          };
        });
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
    mark(placed) {
      for (const one of placed) waiting.push(one);
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

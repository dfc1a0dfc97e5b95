import type { ConsumerRow } from '@counterpoint/events';
import { floorOf, type Work } from './work.ts';

/** Milliseconds after which it is remembered that something was handled, or that everything passed by. */
const SOON = 200;
const LATER = 5_000;

/** So many positions are not forgotten. */
const FAR = 1_000;

/** Remembers how far a consumer has come: seldom, since what it was told twice does no harm. */
export interface Cursor {
  /** Something has moved on. @param handled whether the consumer had to do with it */
  moved(handled: boolean): void;
  /** Writes it now; resolves when it is durable, or could not be written. */
  flush(): Promise<void>;
  stop(): void;
}

/** Makes the {@link Cursor} of a consumer whose row stands at `remembered`. */
export function createCursor(work: Work, remembered: number): Cursor {
  const { store, clock, durable, onError } = work.context;
  const { name, topics } = work.consumer;
  let last = remembered;
  let writing: Promise<void> | undefined;
  let cancel = () => {};
  /** The delay that it was armed with; without end when it is not. */
  let armed = Number.POSITIVE_INFINITY;
  let stopped = false;

  const position = () => Math.min(floorOf(work), durable());
  const disarm = () => {
    cancel();
    armed = Number.POSITIVE_INFINITY;
  };
  const arm = (delay: number) => {
    if (stopped || delay >= armed) return;
    disarm();
    armed = delay;
    cancel = clock.after(delay, () => void flush());
  };
  const write = async (): Promise<void> => {
    disarm();
    const now = position();
    if (now <= last) return;
    const row: ConsumerRow = { id: name, topics, position: now, updated_at: clock.now() };
    await store.commit({ rows: [{ op: 'put', table: 'consumers', row }] }).then(() => {
      last = now;
    }, onError);
  };
  const flush = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined;
      if (floorOf(work) > last) arm(SOON);
    });
    return writing;
  };
  return {
    moved(handled) {
      if (writing) return;
      if (work.taken - last >= FAR && position() - last >= FAR) void flush();
      else arm(handled ? SOON : LATER);
    },
    async flush() {
      await writing;
      await flush();
    },
    stop() {
      stopped = true;
      disarm();
    },
  };
}

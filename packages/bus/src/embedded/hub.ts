import type { LoggedEvent } from '@counterpoint/events';

/** Passes events on within a process: to consumers as soon as they have a position, to tails once that is durable. */
export interface Hub {
  /** The last position that was handed over, and the last that is durable. */
  readonly last: number;
  readonly durable: number;
  /** Events that were handed over and whose position is not durable yet, in order. */
  readonly fresh: readonly LoggedEvent[];
  /** Hands events over to the consumers, in the order of their positions. */
  hand(events: readonly LoggedEvent[]): void;
  /** Every position up to this is durable. */
  confirm(position: number): void;
  /** Goes on from here; only while nobody listens. */
  reset(position: number): void;
  onHanded(listener: (events: readonly LoggedEvent[]) => void): () => void;
  onDurable(listener: (events: readonly LoggedEvent[]) => void): () => void;
  /** How many listen. */
  readonly listeners: number;
}

/** Makes a {@link Hub}. @param onError is told of a listener that threw */
export function createHub(onError: (error: unknown) => void): Hub {
  const handed = new Set<(events: readonly LoggedEvent[]) => void>();
  const settled = new Set<(events: readonly LoggedEvent[]) => void>();
  let last = 0;
  let durable = 0;
  let fresh: LoggedEvent[] = [];
  const tell = (listeners: typeof handed, events: readonly LoggedEvent[]) => {
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (error) {
        onError(error);
      }
    }
  };
  const add = (listeners: typeof handed, listener: (events: readonly LoggedEvent[]) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get last() {
      return last;
    },
    get durable() {
      return durable;
    },
    get fresh() {
      return fresh;
    },
    get listeners() {
      return handed.size + settled.size;
    },
    hand(events) {
      const end = events.at(-1);
      if (!end) return;
      last = end.position;
      for (const one of events) fresh.push(one);
      tell(handed, events);
    },
    confirm(position) {
      if (position <= durable) return;
      durable = position;
      last = Math.max(last, position);
      const left = fresh.findIndex((one) => one.position > position);
      const done = left === -1 ? fresh : fresh.slice(0, left);
      fresh = left === -1 ? [] : fresh.slice(left);
      tell(settled, done);
    },
    reset(position) {
      last = position;
      durable = position;
      fresh = [];
    },
    onHanded: (listener) => add(handed, listener),
    onDurable: (listener) => add(settled, listener),
  };
}

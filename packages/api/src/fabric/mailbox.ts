/** Things that wait to be fetched, first in, first out; whoever comes when there are none waits for some. */
export interface Mailbox<Item> {
  readonly size: number;
  push(item: Item): void;
  /** Puts things back in front, in this order. */
  putBack(items: readonly Item[]): void;
  /** Takes one out that nobody fetched yet. False when it is not here. */
  remove(item: Item): boolean;
  /** Fetches at least one and at most `max`; none only once `signal` is aborted. */
  next(max: number, signal: AbortSignal): Promise<readonly Item[]>;
  /** Takes everything out. */
  empty(): readonly Item[];
}

interface Waiter<Item> {
  readonly max: number;
  readonly take: (items: readonly Item[]) => void;
}

/** Makes an empty {@link Mailbox}. */
export function createMailbox<Item>(): Mailbox<Item> {
  let items: Item[] = [];
  const waiters: Waiter<Item>[] = [];
  const serve = () => {
    while (items.length > 0) {
      const waiter = waiters.shift();
      if (!waiter) return;
      waiter.take(items.splice(0, waiter.max));
    }
  };
  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      serve();
    },
    putBack(back) {
      items = [...back, ...items];
      serve();
    },
    remove(item) {
      const at = items.indexOf(item);
      if (at >= 0) items.splice(at, 1);
      return at >= 0;
    },
    next(max, signal) {
      if (items.length > 0 || signal.aborted) return Promise.resolve(signal.aborted ? [] : items.splice(0, max));
      return new Promise((resolve) => {
        const end = () => {
          waiters.splice(waiters.indexOf(waiter), 1);
          resolve([]);
        };
        const waiter: Waiter<Item> = {
          max,
          take: (taken) => {
            signal.removeEventListener('abort', end);
            resolve(taken);
          },
        };
        signal.addEventListener('abort', end, { once: true });
        waiters.push(waiter);
      });
    },
    empty: () => items.splice(0),
  };
}

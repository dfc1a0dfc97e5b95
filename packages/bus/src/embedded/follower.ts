import type { Clock } from '@counterpoint/core';
import type { LoggedEvent, Store } from '@counterpoint/events';
import { createCounter } from './counter.ts';
import type { Hub } from './hub.ts';
import { readNext } from './reading.ts';

/** Hands over what relays in other processes have brought into the log. */
export interface Follower {
  /** Resolves when the hub has handed over everything that is in the log now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** What a {@link createFollower} needs. */
export interface FollowerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly hub: Hub;
  /** Milliseconds between looks. */
  readonly poll: number;
  readonly onError: (error: unknown) => void;
}

const every = () => true;

/** Makes a {@link Follower} that looks again and again as long as anybody listens to the hub. */
export function createFollower({ store, clock, hub, poll, onError }: FollowerOptions): Follower {
  const counter = createCounter(store);
  let stopped = false;
  let looking: Promise<void> | undefined;
  let cancel = () => {};

  const look = async (): Promise<void> => {
    await counter.load();
    if (hub.listeners === 0) hub.reset(counter.position);
    while (hub.last < counter.position && !stopped) {
      const { last } = hub;
      const { events, upTo } = await readNext(store, every, last, counter.position);
      // The relay of this process may have handed them over meanwhile.
      hub.hand(events.filter((one: LoggedEvent) => one.position > hub.last));
      hub.confirm(Math.max(upTo, hub.last));
    }
  };
  /** One look at a time; who asks while one is under way waits for a new one. */
  const lookOnce = async (): Promise<void> => {
    const before = looking;
    const own = (async () => {
      await before?.catch(() => undefined);
      await look();
    })();
    looking = own;
    await own;
  };
  const arm = () => {
    cancel = clock.after(poll, () => {
      void (hub.listeners > 0 ? lookOnce().catch(onError) : Promise.resolve()).then(() => {
        if (!stopped) arm();
      });
    });
  };
  arm();
  return {
    look: lookOnce,
    async stop() {
      stopped = true;
      cancel();
      await looking?.catch(() => undefined);
    },
  };
}

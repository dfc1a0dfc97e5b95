import { type Clock, manualClock } from '@counterpoint/core';
import type { EventLog, Store } from '@counterpoint/events';
import type { EventLogUnderTest } from '@counterpoint/events/conformance';
import { createRelay, type Relay, type RelayTarget } from '../relay.ts';

/** What a log is opened with. */
export interface LogParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** How {@link logUnderTest} opens what it tests. */
export interface LogUnderTestOptions {
  readonly alone: boolean;
  readonly openStore: () => Promise<Store>;
  readonly openLog: (parts: LogParts) => Promise<EventLog & RelayTarget>;
  /** Ends what a log that was left behind still holds on to. */
  readonly abandon?: () => Promise<void>;
  readonly destroy: () => Promise<void>;
}

interface Opened {
  readonly store: Store;
  readonly log: EventLog & RelayTarget;
  readonly relay: Relay;
  /** Cuts the log off from its store. */
  readonly cut: () => void;
}

/** A log with a relay on a store, that can be closed, left behind and opened again. */
export async function logUnderTest(options: LogUnderTestOptions): Promise<EventLogUnderTest> {
  const clock = manualClock(Date.now());
  const open = async (): Promise<Opened> => {
    const store = await options.openStore();
    const { seen, cut } = cuttable(store);
    const errors: unknown[] = [];
    const log = await options.openLog({ store: seen, clock, onError: (error) => errors.push(error) });
    const relay = createRelay({ store: seen, clock, target: log, alone: options.alone });
    await relay.start();
    return { store, log, relay, cut };
  };
  let opened = await open();
  const close = async () => {
    await opened.log.close();
    await opened.relay.stop();
    await opened.store.close();
  };
  return {
    get log() {
      return opened.log;
    },
    get store() {
      return opened.store;
    },
    clock,
    async reopen() {
      await close();
      opened = await open();
    },
    async crash() {
      opened.cut();
      await opened.store.close();
      await options.abandon?.();
      opened = await open();
    },
    async destroy() {
      await close();
      await options.destroy();
    },
  };
}

/** A store that answers nothing any more once it is cut off. */
function cuttable(store: Store): { readonly seen: Store; readonly cut: () => void } {
  let alive = true;
  const never = new Promise<never>(() => undefined);
  const guarded = <Value>(answer: () => Promise<Value>): Promise<Value> =>
    alive ? answer().then((value) => (alive ? value : never)) : never;
  const seen: Store = {
    get: (table, id) => guarded(() => store.get(table, id)),
    find: (table, query) => guarded(() => store.find(table, query)),
    count: (table, where) => guarded(() => store.count(table, where)),
    tally: (table, tally) => guarded(() => store.tally(table, tally)),
    commit: (change) => guarded(() => store.commit(change)),
    onCommitted: (listener) => store.onCommitted((change) => alive && listener(change)),
    close: () => store.close(),
  };
  const cut = () => {
    alive = false;
  };
  return { seen, cut };
}

import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';

/** What {@link watchProcesses} needs. */
export interface WatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this process among those that share the store. */
  readonly node: string;
  /** The processes that somebody is connected to, as far as is known. */
  readonly mentioned: () => Iterable<string>;
  /** What to do when one of them is gone. */
  readonly onGone: (node: string) => Promise<void>;
  readonly onProblem?: (error: unknown) => void;
}

/** How often each process shows that it is there. */
const SIGN = 5_000;
/** How long none may be seen before a process counts as gone; by our own clock that does not jump. */
const GONE = 20_000;

/** The id of the row of `duties` that is there as long as a process shows signs of life. */
export const signOf = (node: string) => `process:${node}`;

interface Sighting {
  readonly rev: number;
  readonly at: number;
}

/**
 * Shows the other processes that this one is there, and notices when one that participants are connected to is not any
 * more. The signs are rows of `duties`, renewed every few seconds; what counts is that they change, not what any clock
 * says. Gives the way to stop, which takes the sign away.
 */
export function watchProcesses(options: WatchOptions): () => Promise<void> {
  const { store, clock, node } = options;
  const seen = new Map<string, Sighting>();
  let stopped = false;
  let disarm = () => {};
  let round: Promise<void> = Promise.resolve();
  const next = (): void => {
    round = attend(options, seen)
      .catch((error: unknown) => options.onProblem?.(error))
      .then(() => {
        if (!stopped) disarm = clock.after(SIGN, next);
      });
  };
  next();
  return async () => {
    stopped = true;
    disarm();
    await round;
    await store.commit({ rows: [{ op: 'delete', table: 'duties', id: signOf(node) }] }).catch(() => undefined);
  };
}

async function attend(options: WatchOptions, seen: Map<string, Sighting>): Promise<void> {
  await showSign(options);
  const others = new Set([...options.mentioned()].filter((one) => one !== options.node));
  for (const known of seen.keys()) if (!others.has(known)) seen.delete(known);
  for (const other of others) {
    if (await isGone(options, seen, other)) {
      await options.onGone(other);
      seen.delete(other);
    }
  }
}

async function showSign({ store, clock, node }: WatchOptions): Promise<void> {
  const id = signOf(node);
  const rev = (await store.get('duties', id))?.rev ?? 0;
  const row = { id, owner: node, until: clock.now() + GONE, rev: rev + 1 };
  try {
    await store.commit({
      rows: [rev === 0 ? { op: 'insert', table: 'duties', row } : { op: 'update', table: 'duties', row }],
    });
  } catch (error) {
    // Somebody took it for gone at the same moment: the next sign says otherwise.
    if (!isCounterpointError(error, 'events.conflict')) throw error;
  }
}

async function isGone({ store, clock }: WatchOptions, seen: Map<string, Sighting>, other: string): Promise<boolean> {
  const rev = (await store.get('duties', signOf(other)))?.rev ?? 0;
  const now = clock.monotonic();
  const before = seen.get(other);
  if (before?.rev !== rev) {
    seen.set(other, { rev, at: now });
    return false;
  }
  if (now - before.at < GONE) return false;
  await store.commit({ rows: [{ op: 'delete', table: 'duties', id: signOf(other) }] });
  return true;
}

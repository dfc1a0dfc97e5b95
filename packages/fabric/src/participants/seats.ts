import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { DutyRow, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { signOf } from './watch-processes.ts';

/** Which process reads a durable subscription, where several share the store: one at a time, the one that was asked last. */
export interface Seats {
  /**
   * Becomes the process that reads under a name: waits until the one before has let go, or is gone.
   *
   * @param onWanted another process wants it now: finish what is under way; the seat is let go when this resolves
   * @returns the way to let go
   * @throws fabric.subscription_elsewhere when the other does not let go in time
   */
  take(name: string, onWanted: () => Promise<void>): Promise<() => Promise<void>>;
  close(): void;
}

/** What {@link createSeats} needs. */
export interface SeatsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this process among those that share the store. */
  readonly node: string;
  readonly onProblem?: (error: unknown) => void;
}

/** How often the owner of seats looks whether somebody wants one, in milliseconds. */
const LOOK = 500;
/** How often, and for how long, somebody looks whether a seat is free, in milliseconds. */
const TRY_AGAIN = 100;
const PATIENCE = 30_000;
const PAGE = 500;
const PREFIX = 'reader:';
/** In `until`: held, and wanted by another process. */
const HELD = 1;
const WANTED = 0;

interface Keeping extends SeatsOptions {
  readonly held: Map<string, () => Promise<void>>;
}

/** Makes {@link Seats}. A seat is a row of `duties`. */
export function createSeats(options: SeatsOptions): Seats {
  const { clock, onProblem } = options;
  const keeping: Keeping = { ...options, held: new Map() };
  let stopped = false;
  let disarm = () => {};
  const look = async (): Promise<void> => {
    if (keeping.held.size > 0) await yieldWanted(keeping).catch(onProblem);
    if (!stopped) disarm = clock.after(LOOK, () => void look());
  };
  void look();
  return {
    async take(name, onWanted) {
      const id = `${PREFIX}${name}`;
      const due = clock.monotonic() + PATIENCE;
      while (!(await tryToTake(keeping, id))) {
        if (clock.monotonic() >= due || stopped) throw errors.subscription_elsewhere({ name });
        await new Promise<void>((resolve) => clock.after(TRY_AGAIN, resolve));
      }
      keeping.held.set(id, onWanted);
      return async () => {
        if (keeping.held.get(id) !== onWanted) return;
        keeping.held.delete(id);
        await letGo(keeping, id);
      };
    },
    close() {
      stopped = true;
      disarm();
    },
  };
}

/** Whether the seat is ours now; where another process has it, that one learns that it is wanted. */
async function tryToTake({ store, node }: Keeping, id: string): Promise<boolean> {
  const row = await store.get('duties', id);
  const free = !row || row.owner === node || !(await store.get('duties', signOf(row.owner)));
  if (!free && row.until === WANTED) return false;
  const next: DutyRow = free
    ? { id, owner: node, until: HELD, rev: (row?.rev ?? 0) + 1 }
    : { ...row, until: WANTED, rev: row.rev + 1 };
  try {
    await store.commit({ rows: [{ op: row ? 'update' : 'insert', table: 'duties', row: next }] });
    return free;
  } catch (error) {
    // Somebody else was quicker.
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    return false;
  }
}

async function letGo({ store, node }: Keeping, id: string): Promise<void> {
  const row = await store.get('duties', id);
  if (row?.owner === node) await store.commit({ rows: [{ op: 'delete', table: 'duties', id }] });
}

/** Lets go of what others want, and of what they took while this process seemed to be gone. */
async function yieldWanted(keeping: Keeping): Promise<void> {
  const ours = new Map<string, number>();
  const before = [...keeping.held];
  for (let after: readonly string[] | undefined; ; ) {
    const where = { owner: keeping.node };
    const rows = await keeping.store.find('duties', { where, limit: PAGE, ...(after ? { after } : {}) });
    for (const row of rows) ours.set(row.id, row.until);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = [last.id];
  }
  const wanted = before.filter(([id]) => ours.get(id) !== HELD);
  await Promise.all(
    wanted.map(async ([id, onWanted]) => {
      if (keeping.held.get(id) !== onWanted) return;
      await onWanted().catch(keeping.onProblem);
      if (keeping.held.get(id) !== onWanted) return;
      keeping.held.delete(id);
      await letGo(keeping, id);
    }),
  );
}

import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { Change, OutboxRow, RawInputRow, RunRow, Store } from '@counterpoint/events';
import { whyNeeded } from './needed.ts';

/** How long what is over is kept, in milliseconds; null: for ever. Audit and effects are kept for ever. */
export interface RetentionPolicy {
  /** Ended runs, with their journals. */
  readonly runs: number | null;
  /** Delivered events. */
  readonly events: number | null;
  /** What sources sent us, once it was processed or refused. */
  readonly rawInputs: number | null;
}

/** What one pass removed. */
export interface Pruned {
  readonly runs: number;
  readonly events: number;
  readonly raw_inputs: number;
  readonly blobs: number;
}

/** What {@link pruneOld} needs. */
export interface RetentionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: RetentionPolicy;
  /** Ends the pass early, for a server that stops. */
  readonly stopping?: () => boolean;
}

/** A blob is only removed when it was last written so long ago, so that no reference to it can be on its way. */
const BLOB_AGE = 3_600_000;

/** Rows looked at together; what others wait for in between is not held up. */
const BATCH = 50;

/**
 * Removes what is older than the policy keeps and no longer needed by anything: ended runs with everything of theirs,
 * delivered events that every consumer of the log has dealt with, raw inputs, and values that nothing refers to. Safe to repeat, and in several processes at once.
 *
 * @throws what reading and committing throws; what was removed by then stays removed
 */
export async function pruneOld(options: RetentionOptions): Promise<Pruned> {
  const { store, clock, policy } = options;
  const now = clock.now();
  const runs = policy.runs === null ? 0 : await pruneRuns(options, now - policy.runs);
  const oldest = await oldestLiveRun(store, now);
  const events = policy.events === null ? 0 : await pruneEvents(options, Math.min(now - policy.events, oldest));
  const raw_inputs = policy.rawInputs === null ? 0 : await pruneRawInputs(options, now - policy.rawInputs);
  const pruned = { runs, events, raw_inputs, blobs: await sweepBlobs(options, now - BLOB_AGE) };
  if (Object.values(pruned).some((count) => count > 0)) {
    const entry = { at: now, principal: 'system', action: 'retention.pruned', object: '', data: pruned, trace: '' };
    await store.commit({ audit: [entry] });
  }
  return pruned;
}

/** Ids begin with the time of creation: in their order the oldest runs come first, and the walk ends at `before`. */
async function pruneRuns({ store, stopping }: RetentionOptions, before: number): Promise<number> {
  let pruned = 0;
  let after: readonly string[] | undefined;
  while (!stopping?.()) {
    const rows: readonly RunRow[] = await store.find('runs', { limit: BATCH, ...(after ? { after } : {}) });
    const old = rows.filter(({ created_at }) => created_at < before);
    for (const run of old) {
      if (run.ended_at === null || run.ended_at >= before) continue;
      if ((await whyNeeded(store, run)) !== undefined) continue;
      if (await pruneRun(store, run.id)) pruned += 1;
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH || old.length === 0) break;
    after = [last.id];
    await breathe();
  }
  return pruned;
}

/** Whether it was still there and had still ended. */
async function pruneRun(store: Store, id: string): Promise<boolean> {
  try {
    await store.commit({ runs: [{ op: 'prune', id }] });
    return true;
  } catch (error) {
    if (isCounterpointError(error, 'events.fenced')) return false;
    throw error;
  }
}

/** When the oldest run that has not ended was created: it may ask for events since then. */
async function oldestLiveRun(store: Store, now: number): Promise<number> {
  const live = await Promise.all(
    (['queued', 'running', 'waiting'] as const).map((status) =>
      store.find('runs', { where: { status }, orderBy: [{ column: 'created_at' }], limit: 1 }),
    ),
  );
  return Math.min(now, ...live.flat().map(({ created_at }) => created_at));
}

/** How far every consumer of the log has come: what lies behind that is still to be delivered to one. */
async function leastPosition(store: Store): Promise<number> {
  const consumers = await store.find('consumers', { limit: 10_000 });
  return Math.min(...consumers.map(({ position }) => position));
}

/** Of these events, those that some consumer tries again, or that are dead letters and may be tried again. */
async function unsettled(store: Store, events: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await store.find('deliveries', { where: { event: { in: events } }, limit: 10_000 });
  return new Set(rows.map(({ event }) => event));
}

async function pruneEvents({ store, stopping }: RetentionOptions, before: number): Promise<number> {
  const old = { state: 'delivered', next_at: { lt: before } } as const;
  return pruneRows(stopping, async (after) => {
    const orderBy = [{ column: 'next_at' }] as const;
    const rows: readonly OutboxRow[] = await store.find('outbox', { where: old, orderBy, limit: BATCH, ...after });
    const least = await leastPosition(store);
    const passed = rows.filter(({ at, position }) => at < before && (position ?? 0) <= least);
    const wanted = await unsettled(
      store,
      passed.map(({ id }) => id),
    );
    const gone = passed.filter(({ id }) => !wanted.has(id));
    const last = rows.at(-1);
    return {
      change: { rows: gone.map(({ id }) => ({ op: 'delete', table: 'outbox', id }) as const) },
      count: gone.length,
      next: last && rows.length === BATCH ? { after: [last.next_at, last.id] } : undefined,
      store,
    };
  });
}

async function pruneRawInputs({ store, stopping }: RetentionOptions, before: number): Promise<number> {
  let pruned = 0;
  for (const state of ['processed', 'refused'] as const) {
    pruned += await pruneRows(stopping, async (after) => {
      const orderBy = [{ column: 'received_at' }] as const;
      const where = { state, received_at: { lt: before } };
      const rows: readonly RawInputRow[] = await store.find('raw_inputs', { where, orderBy, limit: BATCH, ...after });
      const last = rows.at(-1);
      return {
        change: { rows: rows.map(({ id }) => ({ op: 'delete', table: 'raw_inputs', id }) as const) },
        count: rows.length,
        next: last && rows.length === BATCH ? { after: [last.received_at, last.id] } : undefined,
        store,
      };
    });
  }
  return pruned;
}

type After = { readonly after: readonly (string | number)[] };

interface Page {
  readonly store: Store;
  readonly change: Change;
  readonly count: number;
  /** Where the next page begins; undefined behind the last. */
  readonly next: After | undefined;
}

async function pruneRows(
  stopping: (() => boolean) | undefined,
  page: (after: After | undefined) => Promise<Page>,
): Promise<number> {
  let pruned = 0;
  for (let after: After | undefined; !stopping?.(); ) {
    const { store, change, count, next } = await page(after);
    if (count > 0) await store.commit(change);
    pruned += count;
    if (!next) break;
    after = next;
    await breathe();
  }
  return pruned;
}

async function sweepBlobs({ store, stopping }: RetentionOptions, before: number): Promise<number> {
  const where = { created_at: { lt: before } };
  let left = await store.count('blobs', where);
  const found = left;
  while (left > 0 && !stopping?.()) {
    await store.commit({ rows: [{ op: 'sweep', table: 'blobs', before }] });
    const now = await store.count('blobs', where);
    if (now === left) break;
    left = now;
    await breathe();
  }
  return found - left;
}

/** Lets everything else have its turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

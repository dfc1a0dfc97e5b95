import { isCounterpointError, type JsonObject } from '@counterpoint/core';
import { type Change, mergeChanges, type RunRow, signalWrite } from '@counterpoint/events';
import type { Concurrency } from '@counterpoint/playbook';
import type { PublishedPlan } from '../playbooks/published.ts';
import { PARKED, parked, slotId, slotWrite } from './park.ts';
import type { StartedRun } from './parts.ts';
import { queuedRun } from './queue.ts';
import { endParked } from './steer-run.ts';
import { report, type Worker } from './worker.ts';

/** How often starting is tried when others come in between. */
const TRIES = 5;

const PAGE = 200;

const ACTIONS = { join: 'run.joined', drop: 'run.dropped' } as const;

/** Makes a run durable, with more in the same commit, and lets it go on. @throws events.conflict when anything is in the way */
export type Begin = (row: RunRow, change: Change) => Promise<void>;

/**
 * Starts a run of a playbook with a concurrency key. It gets the place of its key in the commit that creates it; when another
 * run has it, the policy of the playbook decides: `join` gives that one, `drop` starts nothing, `queue` waits for the
 * place, `replace` waits and has that one cancelled.
 *
 * @throws what committing throws; nothing was started then
 */
export async function beginWithKey(
  worker: Worker,
  { plan }: PublishedPlan,
  row: RunRow,
  beginHere: Begin,
): Promise<StartedRun> {
  const { onConflict } = plan.concurrency as Concurrency;
  for (let attempt = 1; ; attempt++) {
    const existing = await sameTrigger(worker, row);
    if (existing) return { run: existing, existing: true };
    const gives = onConflict === 'join' || onConflict === 'drop' ? onConflict : undefined;
    const before = gives && (await decidedBefore(worker, row, gives));
    if (before) return before;
    try {
      const holder = await holderOf(worker, row);
      if (holder === undefined) {
        await beginHere(row, { rows: [slotWrite(row, worker.options.clock.now())] });
        return { run: row.id, existing: false };
      }
      if (gives) return await giveWay(worker, row, holder, gives);
      await waitForPlace(worker, row, onConflict === 'replace' ? replacing(worker, row, holder) : {});
      return { run: row.id, existing: false };
    } catch (error) {
      if (!isCounterpointError(error, 'events.conflict') || attempt === TRIES) throw error;
    }
  }
}

async function sameTrigger(worker: Worker, { trigger_key }: RunRow): Promise<string | undefined> {
  const [existing] = await worker.options.store.find('runs', { where: { trigger_key }, limit: 1 });
  return existing?.id;
}

/** The run that stands before a new one: the one that has the place, or one that waits for it. */
async function holderOf(worker: Worker, row: RunRow): Promise<string | undefined> {
  const slot = await worker.options.store.get('run_slots', slotId(row));
  return slot?.run ?? (await nextInLine(worker, row, 'oldest'))?.id;
}

async function nextInLine(
  { options: { store } }: Worker,
  { playbook, concurrency }: Pick<RunRow, 'playbook' | 'concurrency'>,
  which: 'oldest' | 'newest',
): Promise<RunRow | undefined> {
  const [row] = await store.find('runs', {
    where: { status: 'queued', lease_until: PARKED, playbook, concurrency },
    orderBy: [{ column: 'created_at', descending: which === 'newest' }],
    limit: 1,
  });
  return row;
}

/** What was decided about the same event before, when it started nothing. */
async function decidedBefore(worker: Worker, row: RunRow, policy: 'join' | 'drop'): Promise<StartedRun | undefined> {
  const where = { trace: row.trace, action: ACTIONS[policy] };
  const told = await worker.options.store.find('audit', { where, limit: 100 });
  const before = told.map(({ data }) => data as JsonObject).find((data) => data.trigger_key === row.trigger_key);
  return before && gaveWay(String(before.run), policy);
}

function gaveWay(run: string, policy: 'join' | 'drop'): StartedRun {
  return policy === 'join' ? { run, existing: true } : { run, existing: true, dropped: true };
}

/** Starts nothing, and writes down why. */
async function giveWay(worker: Worker, row: RunRow, run: string, policy: 'join' | 'drop'): Promise<StartedRun> {
  const { store, clock } = worker.options;
  const { trace, trigger_key, playbook, concurrency: key, cause, principal } = row;
  const data = { playbook, trigger_key, key, run, cause };
  const entry = { at: clock.now(), principal, action: ACTIONS[policy], object: `run:${run}`, data, trace };
  await store.commit({ audit: [entry] });
  return gaveWay(run, policy);
}

function replacing(worker: Worker, row: RunRow, holder: string): Change {
  const { clock } = worker.options;
  const reason = `the run ${row.id} with the same key takes its place`;
  const { principal, trace } = row;
  const happening = { kind: 'cancel', principal, reason };
  const entry = {
    at: clock.now(),
    principal,
    action: 'run.cancelled',
    object: `run:${holder}`,
    data: { reason },
    trace,
  };
  return { rows: [signalWrite(holder, `replace:${row.id}`, happening, clock.now())], audit: [entry] };
}

/** Writes down a run that waits for the place of its key, and gives it the place when it is free by now. */
export async function waitForPlace(worker: Worker, row: RunRow, change: Change = {}): Promise<void> {
  await worker.options.store.commit(mergeChanges({ runs: [{ op: 'create', row: parked(row) }] }, change));
  await promote(worker, row);
}

/**
 * Gives the place of a key to the run that is next in line, if it is free: the oldest, or, where a new run replaces those
 * before it, the newest, and the others end. Safe to call at any time and in any process.
 */
export async function promote(worker: Worker, key: Pick<RunRow, 'playbook' | 'concurrency'>): Promise<void> {
  const { store, plans, clock } = worker.options;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (await store.get('run_slots', slotId(key))) return;
    const oldest = await nextInLine(worker, key, 'oldest');
    if (!oldest) return;
    try {
      const { plan } = await plans.byVersion(oldest.version);
      const next = plan.concurrency?.onConflict === 'replace' ? await endAllButNewest(worker, key) : oldest;
      if (!next) continue;
      const { id, epoch, seq } = next;
      await store.commit({
        runs: [{ op: 'advance', id, epoch, seq, to: seq, set: { lease_until: 0 } }],
        rows: [slotWrite(next, clock.now())],
      });
      worker.enqueue(queuedRun(next));
      return;
    } catch (error) {
      // Another process was first; what stands there now decides.
      if (!isCounterpointError(error, 'events.conflict') && !isCounterpointError(error, 'events.fenced')) throw error;
    }
  }
}

async function endAllButNewest(
  worker: Worker,
  key: Pick<RunRow, 'playbook' | 'concurrency'>,
): Promise<RunRow | undefined> {
  for (;;) {
    const [oldest, newest] = [await nextInLine(worker, key, 'oldest'), await nextInLine(worker, key, 'newest')];
    if (!oldest || !newest || oldest.id === newest.id) return newest;
    const reason = `the run ${newest.id} with the same key takes its place`;
    await endParked(worker, oldest, { principal: oldest.principal, reason });
  }
}

/** As {@link promote}, without waiting for it; what fails is found again by {@link promoteAll}. */
export function promoteSoon(worker: Worker, key: Pick<RunRow, 'playbook' | 'concurrency'>): void {
  if (worker.stopping) return;
  const done = promote(worker, key)
    .catch((error: unknown) => report(worker, 'store', '', error))
    .finally(() => worker.underWay.delete(done));
  worker.underWay.add(done);
}

/** Gives free places to those that wait for them, after a crash of whoever was to do so. */
export async function promoteAll(worker: Worker): Promise<void> {
  const keys = new Map<string, Pick<RunRow, 'playbook' | 'concurrency'>>();
  let after: readonly string[] | undefined;
  do {
    const where = { status: 'queued', lease_until: PARKED } as const;
    const rows: readonly RunRow[] = await worker.options.store.find('runs', {
      where,
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    for (const row of rows) keys.set(slotId(row), { playbook: row.playbook, concurrency: row.concurrency });
    const last = rows.at(-1);
    after = last && rows.length === PAGE ? [last.id] : undefined;
  } while (after);
  for (const key of keys.values()) await promote(worker, key);
}

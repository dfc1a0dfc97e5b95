import { isCounterpointError, type Json } from '@counterpoint/core';
import type { RowWrite, RunRow, SavingRow, SettingRow, Store } from '@counterpoint/events';
import type { PlanSource } from '../playbooks/published.ts';
import { isOfSimulation, type Manifests, type Saved, savedByRun } from './saved-by-run.ts';

/** What counting needs. */
export interface SavingsOptions {
  readonly store: Store;
  readonly plans: Pick<PlanSource, 'byVersion'>;
  readonly manifests: Manifests;
}

/** Where the counting stands: the last run that was counted. */
interface Standing {
  readonly at: number;
  readonly run: string;
}

/** The setting that keeps {@link Standing}. */
const SETTING = 'savings';
/** Settings that name a run which came from an edge node and is still to be counted, with when it came. */
const BROUGHT = 'savings.brought:';
const HOUR = 3_600_000;
/** Runs that ended a moment ago may still be joined by others that ended before them. */
const SETTLED = 5_000;
const BATCH = 50;

/**
 * Notes that a run of an edge node has come, to be counted: it may have ended long before, where the counting does not come
 * by any more. Belongs into the commit that brings the run.
 */
export function countLater(run: string, now: number): RowWrite {
  return { op: 'put', table: 'settings', row: { id: `${BROUGHT}${run}`, value: now, rev: 1 } };
}

/**
 * Counts the minutes that the steps of ended runs saved (as `savedByRun` says), a batch of runs at a time, each run once:
 * those of this server as they end, those of edge nodes as they are brought.
 *
 * @returns how many runs were counted; 0: there is nothing to count now, or another process was at it.
 */
export async function countSavings(options: SavingsOptions, now: number): Promise<number> {
  const { store } = options;
  const setting = await store.get('settings', SETTING);
  const standing = readStanding(setting?.value ?? null);
  const runs = await nextRuns(store, standing, now - SETTLED);
  const notes = await nextBrought(store, now - SETTLED);
  if (runs.length + notes.length === 0) return 0;
  const brought = await runsOf(store, notes);
  const sums = new Map<string, SavingRow>();
  for (const run of [...runs, ...brought]) {
    const saved = await savedBy(options, run);
    const simulated = saved.length > 0 && (await isOfSimulation(store, run));
    for (const one of saved) add(sums, { ...run, simulated }, one);
  }
  const last = runs.at(-1);
  const value = last ? { at: last.ended_at ?? 0, run: last.id } : { ...standing };
  const row = { id: SETTING, value, rev: (setting?.rev ?? 0) + 1 };
  const mark: RowWrite = { op: setting ? 'update' : 'insert', table: 'settings', row };
  const counted = notes.map(({ id }): RowWrite => ({ op: 'delete', table: 'settings', id }));
  try {
    await store.commit({ rows: [mark, ...counted, ...(await writes(store, [...sums.values()]))] });
    return runs.length + notes.length;
  } catch (error) {
    if (isCounterpointError(error, 'events.conflict')) return 0;
    throw error;
  }
}

function readStanding(value: Json): Standing {
  const { at = 0, run = '' } = (value ?? {}) as Partial<Standing>;
  return { at, run };
}

async function nextRuns(store: Store, { at, run }: Standing, until: number): Promise<readonly RunRow[]> {
  const rows = await store.find('runs', {
    where: { ended_at: { gte: at }, site: '' },
    orderBy: [{ column: 'ended_at' }],
    ...(run === '' ? {} : { after: [at, run] }),
    limit: BATCH,
  });
  return rows.filter(({ ended_at }) => ended_at !== null && ended_at <= until);
}

async function nextBrought(store: Store, until: number): Promise<readonly SettingRow[]> {
  const notes = await store.find('settings', { where: { id: { prefix: BROUGHT } }, limit: BATCH });
  return notes.filter(({ value }) => Number(value) <= until);
}

async function runsOf(store: Store, notes: readonly SettingRow[]): Promise<readonly RunRow[]> {
  if (notes.length === 0) return [];
  const ids = notes.map(({ id }) => id.slice(BROUGHT.length));
  return store.find('runs', { where: { id: { in: ids } }, limit: ids.length });
}

async function savedBy({ store, plans, manifests }: SavingsOptions, run: RunRow): Promise<readonly Saved[]> {
  // A version that no longer compiles declares nothing that could be counted.
  const plan = (await plans.byVersion(run.version).catch(() => undefined))?.plan;
  return plan ? savedByRun(store, run, plan, manifests) : [];
}

function add(sums: Map<string, SavingRow>, run: RunRow, { action, steps, minutes }: Saved): void {
  const { playbook, simulated } = run;
  const hour = Math.floor((run.ended_at ?? 0) / HOUR) * HOUR;
  const id = `${hour}|${playbook}|${action}|${simulated}`;
  const before = sums.get(id) ?? { id, hour, playbook, action, simulated, steps: 0, minutes: 0, rev: 0 };
  sums.set(id, { ...before, steps: before.steps + steps, minutes: before.minutes + minutes });
}

/** Adds to what stands for the same hour, playbook and action. */
async function writes(store: Store, sums: readonly SavingRow[]): Promise<readonly RowWrite[]> {
  const ids = sums.map(({ id }) => id);
  const found = ids.length === 0 ? [] : await store.find('savings', { where: { id: { in: ids } }, limit: ids.length });
  const standing = new Map(found.map((row) => [row.id, row]));
  return sums.map((sum) => {
    const before = standing.get(sum.id);
    if (!before) return { op: 'insert', table: 'savings', row: { ...sum, rev: 1 } };
    const row = { ...sum, steps: before.steps + sum.steps, minutes: before.minutes + sum.minutes, rev: before.rev + 1 };
    return { op: 'update', table: 'savings', row };
  });
}

import type { ConnectorManifest } from '@counterpoint/connector-kit';
import { isCounterpointError, type Json } from '@counterpoint/core';
import type { JournalRow, RowWrite, RunRow, SavingRow, Store } from '@counterpoint/events';
import type { Plan, Step } from '@counterpoint/playbook';
import type { PlanSource } from '../playbooks/published.ts';
import { stepIdOf } from '../views/step-record.ts';

/** What counting needs. */
export interface SavingsOptions {
  readonly store: Store;
  readonly plans: Pick<PlanSource, 'byVersion'>;
  /** Manifests of connectors and built-ins, by id. */
  readonly manifests: { get(id: string): ConnectorManifest | undefined; values(): Iterable<ConnectorManifest> };
}

/** Where the counting stands: the last run that was counted. */
interface Standing {
  readonly at: number;
  readonly run: string;
}

/** Minutes of one kind of step. */
interface Saved {
  readonly action: string;
  steps: number;
  minutes: number;
}

/** The setting that keeps {@link Standing}. */
const SETTING = 'savings';
const HOUR = 3_600_000;
/** Runs that ended a moment ago may still be joined by others that ended before them. */
const SETTLED = 5_000;
const BATCH = 50;
const LONGEST_JOURNAL = 100_000;

/**
 * Counts the minutes that the steps of ended runs saved, a batch of runs at a time, each run once: a step that succeeded
 * counts what its playbook declares (`minutes_saved`), else what the connector states for the action. Where a capability
 * chose the connector, the least that any provider states counts. Runs of edge nodes are theirs to count.
 *
 * @returns how many runs were counted; 0: there is nothing to count now, or another process was at it.
 */
export async function countSavings(options: SavingsOptions, now: number): Promise<number> {
  const { store } = options;
  const setting = await store.get('settings', SETTING);
  const standing = readStanding(setting?.value ?? null);
  const runs = await nextRuns(store, standing, now - SETTLED);
  const last = runs.at(-1);
  if (!last) return 0;
  const sums = new Map<string, SavingRow>();
  for (const run of runs) {
    const saved = await savedBy(options, run);
    const simulated = saved.length > 0 && (await isSimulated(store, run));
    for (const one of saved) add(sums, { ...run, simulated }, one);
  }
  const value = { at: last.ended_at ?? 0, run: last.id };
  const rev = (setting?.rev ?? 0) + 1;
  const row = { id: SETTING, value, rev };
  const mark: RowWrite = { op: setting ? 'update' : 'insert', table: 'settings', row };
  try {
    await store.commit({ rows: [mark, ...(await writes(store, [...sums.values()]))] });
    return runs.length;
  } catch (error) {
    if (isCounterpointError(error, 'events.conflict')) return 0;
    throw error;
  }
}

/**
 * On a simulated event, or part of a story in which a simulator made changes: what reacts to simulated tools saves nobody time
 * either, also where it changes nothing outside itself.
 */
async function isSimulated(store: Store, { trace, simulated }: RunRow): Promise<boolean> {
  return simulated || (await store.count('effects', { trace, simulated: true })) > 0;
}

function readStanding(value: Json): Standing {
  const { at = 0, run = '' } = (value ?? {}) as Partial<Standing>;
  return { at, run };
}

async function nextRuns(store: Store, { at, run }: Standing, until: number): Promise<readonly RunRow[]> {
  const rows = await store.find('runs', {
    where: { ended_at: { gte: at } },
    orderBy: [{ column: 'ended_at' }],
    ...(run === '' ? {} : { after: [at, run] }),
    limit: BATCH,
  });
  return rows.filter(({ ended_at }) => ended_at !== null && ended_at <= until);
}

async function savedBy({ store, plans, manifests }: SavingsOptions, run: RunRow): Promise<readonly Saved[]> {
  // A version that no longer compiles declares nothing that could be counted.
  const plan = run.site === '' ? (await plans.byVersion(run.version).catch(() => undefined))?.plan : undefined;
  if (!plan) return [];
  const where = { run: run.id, kind: 'step_ended' };
  const entries = await store.find('journal', { where, orderBy: [{ column: 'seq' }], limit: LONGEST_JOURNAL });
  const saved = new Map<string, Saved>();
  for (const entry of entries.filter(succeeded)) {
    const step = plan.byId.get(stepIdOf(entry.address));
    const minutes = step ? minutesOf(step, plan, manifests) : 0;
    if (!step || minutes === 0) continue;
    const action = nameOf(step, plan);
    const { steps, minutes: before } = saved.get(action) ?? { steps: 0, minutes: 0 };
    saved.set(action, { action, steps: steps + 1, minutes: before + minutes });
  }
  return [...saved.values()];
}

function succeeded({ data }: JournalRow): boolean {
  const { status, by } = data as { readonly status?: string; readonly by?: unknown };
  // What an operator skipped ends well too, and saved nobody anything.
  return status === 'succeeded' && by === undefined;
}

function minutesOf(step: Step, plan: Plan, manifests: SavingsOptions['manifests']): number {
  if (step.minutesSaved !== undefined) return step.minutesSaved;
  if (step.verb !== 'action') return 0;
  const use = plan.uses[step.alias];
  if (use?.kind !== 'capability') {
    return manifests.get(use?.connector ?? step.alias)?.actions[step.action]?.minutes_saved ?? 0;
  }
  const stated = [...manifests.values()].flatMap(({ capabilities, actions }) => {
    const action = capabilities?.[use.capability];
    return action === undefined ? [] : (actions[action]?.minutes_saved ?? 0);
  });
  return stated.length === 0 ? 0 : Math.min(...stated);
}

function nameOf(step: Step, plan: Plan): string {
  if (step.verb !== 'action') return step.verb;
  const use = plan.uses[step.alias];
  if (use?.kind === 'capability') return use.capability;
  return `${use?.connector ?? step.alias}.${step.action}`;
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

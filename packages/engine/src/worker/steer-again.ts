import { isCounterpointError, type JsonObject, newId, newTraceId, stableId } from '@counterpoint/core';
import type { Change, JournalRow, RowWrite, RunRow } from '@counterpoint/events';
import { mergeChanges } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { ENTRY_VERSION, type Entry } from '../interpreter/entries.ts';
import { adopt } from '../operate/adopt.ts';
import type { PublishedPlan } from '../playbooks/published.ts';
import { waitForPlace } from './concurrency.ts';
import { hasEnded } from './own.ts';
import type { StartedRun } from './parts.ts';
import { queuedRun } from './queue.ts';
import { newRunRow } from './run-row.ts';
import { auditOf, type Operator, stateOf, steeredBy, storedRow } from './steer.ts';
import { timerId } from './timers.ts';
import type { Worker } from './worker.ts';

/** From which step an ended run is to be taken up, and how. */
export interface RetryFromWish {
  readonly address: string;
  /** The step's arguments; default: evaluated anew. */
  readonly input?: JsonObject | undefined;
  /** Default: that of the run. */
  readonly version?: string | undefined;
}

interface Again {
  readonly published: PublishedPlan;
  readonly origin: string;
  /** With the playbook, tells a request from its repetition. */
  readonly key: { readonly id: string; readonly key: string };
  readonly priority?: number | undefined;
}

async function planFor(worker: Worker, playbook: string, version: string | undefined): Promise<PublishedPlan> {
  const { plans } = worker.options;
  if (version === undefined) return plans.current(playbook);
  const published = await plans.byVersion(version);
  if (published.plan.id !== playbook) throw errors.version_unknown({ version });
  return published;
}

/** The row of a run that begins from another one, with its event and inputs. */
function rowAgain(worker: Worker, row: RunRow, operator: Operator, again: Again): RunRow {
  const { inputs, event, trace, hop, simulated, ask, case_id } = row;
  return newRunRow(worker, again.published, {
    id: newId(worker.options.clock.now()),
    trigger: { kind: 'rerun', ...again.key },
    inputs: inputs as JsonObject,
    event,
    causality: {
      principal: operator.principal,
      trace: trace === '' ? newTraceId() : trace,
      cause: `run:${row.id}`,
      hop,
    },
    priority: again.priority,
    simulated,
    ask,
    parent: '',
    origin: again.origin,
    case_id,
  });
}

/** Makes it durable; the run of the same request when there is one. */
async function create(worker: Worker, row: RunRow, change: Change): Promise<StartedRun> {
  const existing = await sameRequest(worker, row);
  if (existing) return existing;
  try {
    if (row.concurrency === '') {
      await worker.options.store.commit(mergeChanges({ runs: [{ op: 'create', row }] }, change));
      worker.enqueue(queuedRun(row));
    } else await waitForPlace(worker, row, change);
    return { run: row.id, existing: false };
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    const other = await sameRequest(worker, row);
    if (!other) throw error;
    return other;
  }
}

async function sameRequest(worker: Worker, { trigger_key, origin }: RunRow): Promise<StartedRun | undefined> {
  const [row] = await worker.options.store.find('runs', { where: { trigger_key }, limit: 1 });
  if (!row) return undefined;
  if (row.origin !== origin) throw errors.request_reused({ request: trigger_key.slice(trigger_key.indexOf('|') + 1) });
  return { run: row.id, existing: true };
}

/**
 * Begins a run with the event and inputs of another one, from the beginning.
 *
 * @param version default: the current one
 * @throws engine.run_unknown, engine.playbook_unknown, engine.version_unknown, engine.inputs_invalid, engine.request_reused
 */
export async function rerun(
  worker: Worker,
  id: string,
  version: string | undefined,
  operator: Operator,
): Promise<StartedRun> {
  const row = await storedRow(worker, id);
  const { request, reason } = steeredBy(worker, operator);
  const again = {
    published: await planFor(worker, row.playbook, version),
    origin: `rerun:${id}`,
    key: { id: 'rerun', key: request },
  };
  const next = rowAgain(worker, row, operator, again);
  return create(worker, next, {
    audit: [auditOf(worker, row, operator, 'run.rerun', { run: next.id, reason, request })],
  });
}

/**
 * Takes an ended run up from one of its steps: a new run that has the outputs of the steps before, and begins with it.
 *
 * @throws engine.run_unknown, engine.run_live, engine.step_gone, engine.retry_block, engine.retry_elsewhere,
 * engine.step_not_reached, engine.retry_approval, engine.inputs_invalid, engine.request_reused
 */
export async function retryFrom(
  worker: Worker,
  id: string,
  wish: RetryFromWish,
  operator: Operator,
  batch?: Pick<Again, 'key' | 'priority'>,
): Promise<StartedRun> {
  const row = await storedRow(worker, id);
  if (!hasEnded(row)) throw errors.run_live({ run: id });
  const published = await planFor(worker, row.playbook, wish.version ?? row.version);
  const by = steeredBy(worker, operator);
  const { address, input = null } = wish;
  const from = {
    run: id,
    plan: (await worker.options.plans.byVersion(row.version)).plan,
    state: await stateOf(worker, row),
  };
  const entries = adopt({ from, plan: published.plan, address, input, by });
  const key = batch?.key ?? { id: 'retry', key: by.request };
  const again = { published, origin: `retry:${id}/${address}`, key, priority: batch?.priority };
  const next = begunRow(worker, rowAgain(worker, row, operator, again), entries.length);
  const data = { run: next.id, address, reason: by.reason, request: by.request, edited: input !== null };
  return create(worker, next, {
    journal: journalOf(next, entries),
    rows: timersOf(published, next),
    audit: [auditOf(worker, row, operator, 'run.retried', data)],
  });
}

/** It has begun: whoever takes it up goes on from its journal. */
function begunRow(worker: Worker, row: RunRow, seq: number): RunRow {
  return { ...row, seq, started_at: worker.options.clock.now() };
}

function journalOf({ id: run, epoch, created_at: at }: RunRow, entries: readonly Entry[]): JournalRow[] {
  return entries.map(({ kind, address, data }, index) => {
    const stored = data as unknown as JournalRow['data'];
    return { run, seq: index + 1, epoch, v: ENTRY_VERSION, kind, address, data: stored, at };
  });
}

/** The time-out of the whole run, which its start would have set. */
function timersOf({ plan }: PublishedPlan, { id: run, created_at }: RunRow): RowWrite[] {
  if (plan.timeout === undefined) return [];
  const row = {
    id: timerId(run, '', 'timeout'),
    run,
    address: '',
    kind: 'timeout',
    due_at: created_at + plan.timeout,
    data: null,
  };
  return [{ op: 'put', table: 'timers', row }];
}

/** Which runs are to be begun again; conditions that are not given do not restrict. */
export interface ReplayFilter {
  readonly playbook?: string | undefined;
  readonly status?: 'succeeded' | 'failed' | 'cancelled' | undefined;
  /** Created at or after, and before (Unix milliseconds). */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Code of the error that they failed with. */
  readonly errorCode?: string | undefined;
  /** At most so many, the oldest first. */
  readonly limit: number;
}

/** How they are to be begun again. */
export interface ReplayWish {
  /** From the beginning, or from the step that failed. */
  readonly verb: 'rerun' | 'retry';
  /** Default: the current version for `rerun`, that of each run for `retry`. */
  readonly version?: string | undefined;
}

/** What became of one run of a replay. */
export type Replayed =
  | { readonly of: string; readonly run: string; readonly existing: boolean }
  | { readonly of: string; readonly problem: { readonly code: string; readonly message: string } };

/** The ended runs that a filter picks, the oldest first, without those that an operator began. */
export async function findForReplay({ options: { store } }: Worker, filter: ReplayFilter): Promise<readonly RunRow[]> {
  const { playbook, status, since, until = Number.POSITIVE_INFINITY, errorCode, limit } = filter;
  const where = {
    status: status ?? { in: ['succeeded', 'failed', 'cancelled'] as const },
    ...(playbook === undefined ? {} : { playbook }),
    ...(since === undefined ? {} : { created_at: { gte: since } }),
    ...(errorCode === undefined ? {} : { error_code: errorCode }),
  };
  const found: RunRow[] = [];
  let after: readonly (string | number)[] | undefined;
  for (;;) {
    const query = { where, orderBy: [{ column: 'created_at' }] as const, limit: 500, ...(after ? { after } : {}) };
    const rows: readonly RunRow[] = await store.find('runs', query);
    for (const row of rows) {
      if (row.created_at >= until || found.length >= limit) return found;
      // A run that an operator began is the other try of one that is found itself.
      if (row.origin === '') found.push(row);
    }
    const last = rows.at(-1);
    if (!last || rows.length < 500) return found;
    after = [last.created_at, last.id];
  }
}

/**
 * Begins runs again, one after the other and with the lowest priority, so that they hold nothing else up. The same batch
 * begins each run once, however often it is asked for.
 */
export async function replay(
  worker: Worker,
  runs: readonly RunRow[],
  { verb, version }: ReplayWish,
  operator: Operator & { readonly request: string },
): Promise<readonly Replayed[]> {
  const results: Replayed[] = [];
  for (const row of runs) {
    const key = { id: 'replay', key: `${operator.request}/${row.id}` };
    try {
      const started =
        verb === 'rerun'
          ? await rerunInBatch(worker, row, version, operator, key)
          : await retryFrom(worker, row.id, { address: failedStep(row), version }, operator, { key, priority: 0 });
      results.push({ of: row.id, ...started });
    } catch (error) {
      if (!isCounterpointError(error) || error.code.startsWith('events.')) throw error;
      results.push({ of: row.id, problem: { code: error.code, message: error.message } });
    }
  }
  return results;
}

async function rerunInBatch(
  worker: Worker,
  { id }: RunRow,
  version: string | undefined,
  operator: Operator & { readonly request: string },
  key: Again['key'],
): Promise<StartedRun> {
  const row = await storedRow(worker, id);
  const published = await planFor(worker, row.playbook, version);
  const next = rowAgain(worker, row, operator, { published, origin: `rerun:${id}`, key, priority: 0 });
  const data = { run: next.id, reason: operator.reason, batch: operator.request };
  return create(worker, next, { audit: [auditOf(worker, row, operator, 'run.rerun', data)] });
}

/** The step that a run failed with; for one in a loop, the loop. @throws engine.no_failed_step */
function failedStep({ id, error }: RunRow): string {
  const step = (error as JsonObject | null)?.step;
  if (typeof step !== 'string' || step === '') throw errors.no_failed_step({ run: id });
  return /^[^[.]+/.exec(step)?.[0] ?? step;
}

/** The id of a batch that was given none. */
export function newBatchId(worker: Worker): string {
  return stableId('batch', newId(worker.options.clock.now()));
}

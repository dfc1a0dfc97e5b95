import { isCounterpointError, type JsonObject, newId } from '@counterpoint/core';
import { type AuditEntry, type Change, mergeChanges, type RunRow } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Steered } from '../interpreter/entries.ts';
import type { Happening } from '../interpreter/happening.ts';
import type { RunState } from '../interpreter/state.ts';
import { hasEnded } from './own.ts';
import { readState } from './read-state.ts';
import type { Worker } from './worker.ts';

/** Who steers, and why. */
export interface Operator {
  readonly principal: string;
  readonly reason: string;
  /** An id that the caller gave the request: with the same one, asking again has no second effect. */
  readonly request?: string | undefined;
}

/** What became of an operator's wish. */
export interface SteerResult {
  readonly run: string;
  /** False: it is durable, but whoever owns the run has not decided about it yet. */
  readonly decided: boolean;
}

/** How long an answer waits for the run's owner, in milliseconds; the wish itself is durable before. */
const PATIENCE = 10_000;

/** How often the store is asked whether the owner, another process, has decided, in milliseconds. */
const LOOK = 100;

/** The facts by which a run says that it has carried a wish out. */
const CARRIED_OUT = ['run_paused', 'run_resumed', 'step_retried', 'step_ended', 'migrated'] as const;

/** A stored run of this server. @throws engine.run_unknown, engine.run_elsewhere */
export async function storedRow(worker: Worker, id: string): Promise<RunRow> {
  const row = await worker.options.store.get('runs', id);
  if (!row) throw errors.run_unknown({ run: id });
  if (row.site !== '') throw errors.run_elsewhere({ run: id, site: row.site });
  return row;
}

/** A run that has not ended. @throws engine.run_unknown, engine.run_ended */
export async function liveRow(worker: Worker, id: string): Promise<RunRow> {
  const row = await storedRow(worker, id);
  if (hasEnded(row)) throw errors.run_ended({ run: id, status: row.status });
  return row;
}

/** The state of a run as this process knows it best; only to be looked at. */
export async function stateOf(worker: Worker, row: RunRow): Promise<RunState> {
  const here = worker.runs.get(row.id);
  if (here && !here.gone) return here.state;
  return (await readState(worker.options.store, row, worker.options.version)).state;
}

/** The wish as the run's journal will name it; one without an id gets one of its own. */
export function steeredBy(worker: Worker, { principal, reason, request }: Operator): Steered {
  return { principal, reason, request: request ?? newId(worker.options.clock.now()) };
}

/** The audit entry of what an operator does to a run. */
export function auditOf(
  worker: Worker,
  { id, trace }: Pick<RunRow, 'id' | 'trace'>,
  by: Pick<Operator, 'principal'>,
  action: string,
  data: JsonObject,
): AuditEntry {
  return { at: worker.options.clock.now(), principal: by.principal, action, object: `run:${id}`, data, trace };
}

/** Whether the run has carried out this very request before. @param address of the step that it is about; empty: of none */
export async function isCarriedOut(worker: Worker, run: string, address: string, request: string): Promise<boolean> {
  for (let after = 0; ; ) {
    const rows = await worker.options.store.find('journal', {
      where: { run, address, kind: { in: CARRIED_OUT }, seq: { gt: after } },
      orderBy: [{ column: 'seq' }],
      limit: 500,
    });
    if (rows.some(({ data }) => requestIn(data as JsonObject) === request)) return true;
    const last = rows.at(-1);
    if (!last || rows.length < 500) return false;
    after = last.seq;
  }
}

function requestIn(data: JsonObject): unknown {
  const by = data.by as JsonObject | undefined;
  return by ? by.request : data.request;
}

/**
 * Hands a wish to whoever owns the run: the wish, its audit entry and what else belongs to it (`change`) are one commit.
 * Then waits for the decision for a while. Asking again while the same request waits adds nothing.
 *
 * @returns whether the owner has decided; what it decided stands in the journal
 * @throws what committing throws
 */
export async function handOver(
  worker: Worker,
  run: string,
  request: string,
  happening: Happening,
  change: Change,
): Promise<boolean> {
  const id = `steer:${run}:${request}`;
  const row = {
    id,
    run,
    kind: happening.kind,
    data: happening as unknown as JsonObject,
    at: worker.options.clock.now(),
  };
  const decided = watch(worker, id);
  try {
    await worker.options.store.commit(mergeChanges({ rows: [{ op: 'insert', table: 'signals', row }] }, change));
  } catch (error) {
    const waits = isCounterpointError(error, 'events.conflict') && (await worker.options.store.get('signals', id));
    if (!waits) {
      decided.stop();
      throw error;
    }
  }
  return decided.within(PATIENCE);
}

/** Notices when a signal has been decided about: at once in this process, else by looking. */
function watch(worker: Worker, id: string): { within(millis: number): Promise<boolean>; stop(): void } {
  const { store, clock } = worker.options;
  const gone = Promise.withResolvers<boolean>();
  const stops: (() => void)[] = [
    store.onCommitted((change) => {
      if (change.rows?.some((write) => write.table === 'signals' && write.op === 'delete' && write.id === id)) {
        gone.resolve(true);
      }
    }),
  ];
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    for (const one of stops) one();
  };
  const look = (): void => {
    if (stopped) return;
    const again = clock.after(LOOK, () => {
      store
        .get('signals', id)
        .then((row) => (row ? look() : gone.resolve(true)))
        .catch(() => look());
    });
    stops[1] = again;
  };
  return {
    stop,
    async within(millis) {
      look();
      stops[2] = clock.after(millis, () => gone.resolve(false));
      try {
        return await gone.promise;
      } finally {
        stop();
      }
    },
  };
}

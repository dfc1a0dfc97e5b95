import type { JsonObject } from '@counterpoint/core';
import { type RowWrite, type RunRow, signalWrite } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { ENTRY_VERSION, type Ending } from '../interpreter/entries.ts';
import { incompatibilities } from '../operate/compatible.ts';
import { parseStepReference } from './causality.ts';
import { hasEnded } from './own.ts';
import { endSlot, isParked } from './park.ts';
import {
  auditOf,
  handOver,
  isCarriedOut,
  liveRow,
  type Operator,
  type SteerResult,
  stateOf,
  steeredBy,
  storedRow,
} from './steer.ts';
import type { Worker } from './worker.ts';

/**
 * Pauses a run: no step begins and no timer makes an attempt; calls under way end and are recorded; what arrives waits. A
 * run that is paused stays so.
 *
 * @throws engine.run_unknown, engine.run_ended
 */
export async function pause(worker: Worker, id: string, operator: Operator): Promise<SteerResult> {
  const row = await liveRow(worker, id);
  if (row.paused || (await isRepeated(worker, id, operator))) return { run: id, decided: true };
  if (isParked(row)) throw errors.run_parked({ run: id });
  return steerRun(worker, row, operator, 'pause');
}

/** Ends a pause; a run that is not paused goes on as it does. @throws engine.run_unknown, engine.run_ended */
export async function resume(worker: Worker, id: string, operator: Operator): Promise<SteerResult> {
  const row = await liveRow(worker, id);
  if (!row.paused || (await isRepeated(worker, id, operator))) return { run: id, decided: true };
  return steerRun(worker, row, operator, 'resume');
}

async function isRepeated(worker: Worker, id: string, { request }: Operator): Promise<boolean> {
  return request !== undefined && (await isCarriedOut(worker, id, '', request));
}

async function steerRun(
  worker: Worker,
  row: RunRow,
  operator: Operator,
  kind: 'pause' | 'resume',
): Promise<SteerResult> {
  const by = steeredBy(worker, operator);
  const audit = [auditOf(worker, row, operator, `run.${kind}d`, { reason: operator.reason, request: by.request })];
  return { run: row.id, decided: await handOver(worker, row.id, by.request, { kind, ...by }, { audit }) };
}

/**
 * Cancels a run: `on_cancel` and `finally` still run; effects stay until their leases end. A run that has ended, or is being
 * cancelled, stays as it is. One that has not begun ends at once.
 *
 * @throws engine.run_unknown
 */
export async function cancel(worker: Worker, id: string, operator: Operator): Promise<SteerResult> {
  const row = await storedRow(worker, id);
  if (hasEnded(row)) return { run: id, decided: true };
  if (isParked(row)) return endParked(worker, row, operator);
  if ((await stateOf(worker, row)).ending?.status === 'cancelled') return { run: id, decided: true };
  const { principal, reason } = operator;
  const { request } = steeredBy(worker, operator);
  const audit = [auditOf(worker, row, operator, 'run.cancelled', { reason, request })];
  return { run: id, decided: await handOver(worker, id, request, { kind: 'cancel', principal, reason }, { audit }) };
}

/** Ends a run that waits for its place: it has done nothing, so that there is nothing to handle. */
export async function endParked(worker: Worker, row: RunRow, operator: Operator): Promise<SteerResult> {
  const { id, epoch, seq } = row;
  const at = worker.options.clock.now();
  const message = `${operator.reason} (${operator.principal})`;
  const error = { code: 'engine.cancelled', name: 'cancelled', message, step: '' };
  const ending: Ending = { status: 'cancelled', outputs: null, error };
  const set = { status: 'cancelled', error, error_code: error.code, lease_until: 0, ended_at: at } as const;
  const data = ending as unknown as JsonObject;
  await worker.options.store.commit({
    runs: [{ op: 'advance', id, epoch, seq, to: seq + 1, set }],
    journal: [{ run: id, seq: seq + 1, epoch, v: ENTRY_VERSION, kind: 'run_ended', address: '', data, at }],
    rows: [...tellCaller(row, at), ...(await endSlot(worker.options.store, row))],
    audit: [auditOf(worker, row, operator, 'run.cancelled', { reason: operator.reason })],
  });
  return { run: id, decided: true };
}

function tellCaller(row: RunRow, at: number): RowWrite[] {
  const parent = parseStepReference(row.parent);
  if (!parent) return [];
  return [signalWrite(parent.run, `ended:${row.id}`, { kind: 'lost', address: parent.address }, at)];
}

/**
 * Lets a run follow another version of its playbook (default: the current one) from where it stands.
 *
 * @throws engine.run_unknown, engine.run_ended, engine.version_unknown, engine.not_compatible, engine.not_applied
 */
export async function migrate(
  worker: Worker,
  id: string,
  version: string | undefined,
  operator: Operator,
): Promise<SteerResult> {
  const row = await liveRow(worker, id);
  const { plans } = worker.options;
  const target = (await (version === undefined ? plans.current(row.playbook) : plans.byVersion(version))).plan;
  if (row.version === target.version) return { run: id, decided: true };
  const { plan } = await plans.byVersion(row.version);
  const reasons = incompatibilities(plan, target, await stateOf(worker, row));
  if (reasons.length > 0) {
    const details = { reasons: [...reasons] };
    throw errors.not_compatible({ run: id, version: target.version, reason: reasons.join('; ') }, { details });
  }
  const by = steeredBy(worker, operator);
  const data = { version: target.version, from: row.version, reason: operator.reason, request: by.request };
  const audit = [auditOf(worker, row, operator, 'run.migrated', data)];
  const happening = { kind: 'migrate', version: target.version, ...by } as const;
  const decided = await handOver(worker, id, by.request, happening, { audit });
  if (decided && (await storedRow(worker, id)).version !== target.version) {
    throw errors.not_applied({ run: id, verb: 'follow another version' });
  }
  return { run: id, decided };
}

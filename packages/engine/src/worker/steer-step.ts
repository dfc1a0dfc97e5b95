import type { Json, JsonObject } from '@counterpoint/core';
import { type EffectRow, mergeChanges, type RunRow } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { OpenStep } from '../interpreter/state.ts';
import { effectKey } from './calls.ts';
import { causalityOfStep } from './causality.ts';
import { hasEnded } from './own.ts';
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

/** Which open step is to run anew, and how. */
export interface RetryWish {
  readonly address: string;
  /** Replaces its arguments; default: the same. */
  readonly input?: JsonObject | undefined;
  /** Although nobody knows whether it has happened already. */
  readonly evenIfUnknown?: boolean | undefined;
}

/** Which open step is to be left out. */
export interface SkipWish {
  readonly address: string;
  /** Stands for its output; default none. */
  readonly output?: JsonObject | undefined;
}

/** What a person says of a step whose outcome is unknown. */
export interface UnknownResolution {
  readonly happened: boolean;
  /** The step's output when it happened; default an empty map. */
  readonly output?: JsonObject;
}

/**
 * Lets an open step of a run run anew, under a new idempotency key and with attempts counted from the beginning. A call
 * under way is broken off first. What the earlier attempt may have done stays in the ledger.
 *
 * @throws engine.run_unknown, engine.run_ended, engine.step_not_open, engine.step_is_block, engine.outcome_open,
 * engine.not_applied
 */
export async function retryStep(worker: Worker, id: string, wish: RetryWish, operator: Operator): Promise<SteerResult> {
  const { address, input = null, evenIfUnknown = false } = wish;
  if (await isRepeated(worker, id, address, operator)) return { run: id, decided: true };
  const row = await liveRow(worker, id);
  const open = await openStep(worker, row, address);
  if (open.frame) throw errors.step_is_block({ address, run: id, open: await namesOfOpen(worker, row, address) });
  if (!evenIfUnknown) await demandKnown(worker, row, open);
  const by = steeredBy(worker, operator);
  const data = {
    address,
    reason: by.reason,
    request: by.request,
    edited: input !== null,
    even_if_unknown: evenIfUnknown,
  };
  const audit = [auditOf(worker, row, operator, 'run.step_retried', data)];
  const happening = { kind: 'retry', address, input, evenIfUnknown, ...by } as const;
  const decided = await handOver(worker, id, by.request, happening, { audit });
  if (decided) await demandCarriedOut(worker, id, address, by.request, `retry ${address}`);
  return { run: id, decided };
}

/**
 * Ends an open step as `skipped`; the run goes on behind it. A block is left as a whole.
 *
 * @throws engine.run_unknown, engine.run_ended, engine.step_not_open, engine.not_applied
 */
export async function skipStep(worker: Worker, id: string, wish: SkipWish, operator: Operator): Promise<SteerResult> {
  const { address, output = null } = wish;
  if (await isRepeated(worker, id, address, operator)) return { run: id, decided: true };
  const row = await liveRow(worker, id);
  await openStep(worker, row, address);
  const by = steeredBy(worker, operator);
  const data = { address, reason: by.reason, request: by.request, output: output as Json };
  const audit = [auditOf(worker, row, operator, 'run.step_skipped', data)];
  const decided = await handOver(worker, id, by.request, { kind: 'skip', address, output, ...by }, { audit });
  if (decided) await demandCarriedOut(worker, id, address, by.request, `skip ${address}`);
  return { run: id, decided };
}

async function isRepeated(worker: Worker, id: string, address: string, { request }: Operator): Promise<boolean> {
  return request !== undefined && (await isCarriedOut(worker, id, address, request));
}

async function demandCarriedOut(
  worker: Worker,
  run: string,
  address: string,
  request: string,
  verb: string,
): Promise<void> {
  if (!(await isCarriedOut(worker, run, address, request))) throw errors.not_applied({ run, verb });
}

async function openStep(worker: Worker, row: RunRow, address: string): Promise<OpenStep> {
  const open = (await stateOf(worker, row)).open.get(address);
  if (open) return open;
  throw errors.step_not_open({ address, run: row.id, open: await namesOfOpen(worker, row, '') });
}

async function namesOfOpen(worker: Worker, row: RunRow, without: string): Promise<string> {
  const { open } = await stateOf(worker, row);
  const names = [...open.values()].filter((one) => one.address !== without && !one.frame).map((one) => one.address);
  return names.length === 0 ? 'none' : names.slice(0, 10).join(', ');
}

/** Refuses when the step may have happened although nobody can tell. @throws engine.outcome_open */
async function demandKnown(worker: Worker, row: RunRow, open: OpenStep): Promise<void> {
  const { address, status } = open;
  const refuse = (reason: string): Error => errors.outcome_open({ address, run: row.id, reason });
  if (status === 'unknown') throw refuse(open.error?.message.replace(/\.$/, '') ?? 'its answer was lost');
  if (status !== 'running') return;
  const effect = await effectOf(worker, row.id, open);
  if (effect && ['intended', 'pending', 'unknown'].includes(effect.state)) throw refuse('its call is under way');
}

async function effectOf(
  worker: Worker,
  run: string,
  { address, generation }: OpenStep,
): Promise<EffectRow | undefined> {
  const where = { key: effectKey(run, address, generation) };
  const [effect] = await worker.options.store.find('effects', { where, limit: 1 });
  return effect;
}

/**
 * Settles a step of unknown outcome by what a person found out, and its effect in the ledger, in one commit. Of a run that
 * has ended only the effect is left to be settled.
 *
 * @throws engine.run_unknown, engine.step_not_unknown, events.conflict, and what resolving the effect throws
 */
export async function resolveUnknown(
  worker: Worker,
  id: string,
  address: string,
  { happened, output }: UnknownResolution,
  operator: Operator,
): Promise<SteerResult> {
  const row = await storedRow(worker, id);
  const ended = hasEnded(row);
  const effect = ended ? await unknownEffect(worker, id, address) : await effectOfUnknown(worker, row, address);
  if (ended && !effect) throw errors.step_not_unknown({ address, run: id });
  const causality = { ...causalityOfStep(row, address), principal: operator.principal };
  const settled =
    effect?.state === 'unknown'
      ? await worker.options.resolveEffect({ effect: effect.id, happened, output, causality })
      : undefined;
  const { request } = steeredBy(worker, operator);
  const data = { address, happened, reason: operator.reason, request };
  const change = mergeChanges(settled, { audit: [auditOf(worker, row, operator, 'run.unknown_resolved', data)] });
  if (ended) {
    await worker.options.store.commit(change);
    return { run: id, decided: true };
  }
  const happening = { kind: 'resolved', address, happened, output: output ?? {} } as const;
  return { run: id, decided: await handOver(worker, id, request, happening, change) };
}

async function effectOfUnknown(worker: Worker, row: RunRow, address: string): Promise<EffectRow | undefined> {
  const open = (await stateOf(worker, row)).open.get(address);
  if (open?.status !== 'unknown') throw errors.step_not_unknown({ address, run: row.id });
  return effectOf(worker, row.id, open);
}

async function unknownEffect(worker: Worker, run: string, address: string): Promise<EffectRow | undefined> {
  const [effect] = await worker.options.store.find('effects', {
    where: { run, address, state: 'unknown', undo_of: '' },
    orderBy: [{ column: 'created_at', descending: true }],
    limit: 1,
  });
  return effect;
}

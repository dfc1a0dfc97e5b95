import type { JsonObject } from '@counterpoint/core';
import { type AuditEntry, type Change, mergeChanges } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Happening } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { effectKey } from './calls.ts';
import { causalityOfStep } from './causality.ts';
import { post } from './drive.ts';
import { takeOver } from './own.ts';
import type { Worker } from './worker.ts';

/** What a person says of a step whose outcome is unknown. */
export interface UnknownResolution {
  readonly happened: boolean;
  /** The step's output when it happened; default an empty map. */
  readonly output?: JsonObject;
}

/** The run in memory, or taken over. @throws engine.run_unknown */
async function hold(worker: Worker, id: string): Promise<ActiveRun> {
  const known = worker.runs.get(id);
  if (known) return known;
  const run = await takeOver(worker, id);
  if (!run) throw errors.run_unknown({ run: id });
  worker.runs.set(id, run);
  return run;
}

/** Cancels a run. @throws engine.run_unknown */
export async function cancel(worker: Worker, id: string, principal: string, reason: string): Promise<void> {
  const run = await hold(worker, id);
  const audit = auditOf(worker, run, principal, 'run.cancelled', { reason });
  await steer(worker, run, { kind: 'cancel', principal, reason }, { audit });
}

/**
 * Settles a step that is `unknown`, and its effect in the ledger, in one commit.
 *
 * @throws engine.run_unknown, engine.step_not_unknown, events.conflict, and what resolving the effect throws
 */
export async function resolveUnknown(
  worker: Worker,
  id: string,
  address: string,
  { happened, output }: UnknownResolution,
  principal: string,
): Promise<void> {
  const run = await hold(worker, id);
  const open = run.state.open.get(address);
  if (open?.status !== 'unknown') throw errors.step_not_unknown({ address, run: id });
  const key = effectKey(id, address, open.generation);
  const [effect] = await worker.options.store.find('effects', { where: { key }, limit: 1 });
  const causality = { ...causalityOfStep(run.row, address), principal };
  const settled =
    effect?.state === 'unknown'
      ? await worker.options.resolveEffect({ effect: effect.id, happened, output, causality })
      : undefined;
  const audit = auditOf(worker, run, principal, 'run.unknown_resolved', { address, happened });
  await steer(
    worker,
    run,
    { kind: 'resolved', address, happened, output: output ?? {} },
    mergeChanges(settled, { audit }),
  );
}

function auditOf(worker: Worker, run: ActiveRun, principal: string, action: string, data: JsonObject): AuditEntry[] {
  const { id, trace } = run.row;
  return [{ at: worker.options.clock.now(), principal, action, object: `run:${id}`, data, trace }];
}

/** Hands a person's decision to a run, with what is to become durable with it; resolves once it is. */
function steer(worker: Worker, run: ActiveRun, happening: Happening, change: Change): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
    post(worker, run, { happening, change, done });
  });
}

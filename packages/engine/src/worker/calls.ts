import type { ActionOutcome, ActionRequest } from '@counterpoint/actions';
import { coreErrors, isCounterpointError, newId, sha256 } from '@counterpoint/core';
import type { Change } from '@counterpoint/events';
import type { ActionStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { approvalOf } from '../interpreter/approval-of.ts';
import { errorValue } from '../interpreter/error-value.ts';
import { targetOfRound } from '../interpreter/fan-out.ts';
import type { ActionCall, Command, Happening, Settled } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { type Batch, derive, type PreparedCall } from './batch.ts';
import { causalityOfStep, stepReference } from './causality.ts';
import { insist, isTrouble, reportProblem } from './insist.ts';
import { surelyOwns } from './own.ts';
import { targetOf } from './target.ts';
import { report, type Worker } from './worker.ts';

/** How long to wait before asking again after asking itself threw, in milliseconds. */
const POLL_AGAIN = 30_000;

/** What a call came to, and what must become durable with the decision about it. */
export interface Answered {
  readonly happening: Happening;
  readonly change: Change | undefined;
}

/** The idempotency key of an effect: the same for every attempt. */
export function effectKey(run: string, address: string, generation: number): string {
  return sha256(`${run}/${address}#${generation}`);
}

/** How long what a step does is to stay. @throws engine.no_case */
function leaseOf({ caseId }: ActiveRun, { id, lease }: ActionStep): Pick<ActionRequest, 'lease' | 'whileCase'> {
  if (lease?.while === undefined) return { lease: lease?.for };
  if (caseId === null) throw errors.no_case({ step: id });
  return { lease: lease.for, whileCase: { case: caseId, max: lease.max } };
}

/** What the door is asked for. @throws engine.capability_unbound, engine.no_case */
async function requestOf(worker: Worker, run: ActiveRun, call: ActionCall): Promise<ActionRequest> {
  const step = run.published.plan.byId.get(call.step) as ActionStep;
  return {
    ...(targetOfRound(run.state, call.address) ?? targetOf(run.published.plan, step, worker.options.bind)),
    input: call.input,
    key: effectKey(run.row.id, call.address, call.generation),
    run: run.row.id,
    address: call.address,
    generation: call.generation,
    ...leaseOf(run, step),
    holder: stepReference(run.row.id, call.address),
    approval: approvalOf(run.published.plan, run.state, call.address),
    permissions: await run.published.permissions(),
    timeout: step.timeout,
    ask: run.row.ask,
    causality: causalityOfStep(run.row, call.address),
    now: worker.options.clock.now(),
  };
}

/** Asks the door about an attempt. What needs no sending is handed back to the run at once. @throws trouble of the store */
export async function admit(
  worker: Worker,
  run: ActiveRun,
  batch: Batch,
  call: ActionCall,
): Promise<PreparedCall | undefined> {
  try {
    const admission = await worker.options.door.admit(await requestOf(worker, run, call));
    if (admission.kind === 'send') return { call, admission };
    const { outcome } = admission;
    const happening = settledOf(call, outcomeData(outcome, call.address, false));
    derive(run, batch, { happening, change: outcome.change });
  } catch (error) {
    if (isTrouble(error)) throw error;
    if (!isCounterpointError(error)) report(worker, 'defect', run.row.id, error);
    derive(run, batch, { happening: settledOf(call, failure(error, call.address)), change: undefined });
  }
  return undefined;
}

export function settledOf(call: ActionCall, settled: Settled): Happening {
  return { kind: 'settled', address: call.address, attempt: call.attempt, settled };
}

/** An attempt that ended before anything was sent. */
export function failure(error: unknown, address: string): Extract<Settled, { status: 'failed' }> {
  const known = isCounterpointError(error) ? error : coreErrors.internal({ reference: newId() });
  return {
    status: 'failed',
    error: errorValue(known, address),
    retryable: isCounterpointError(error) && error.retryable,
    retryAfter: undefined,
    performed: 'no',
  };
}

/** The part of an outcome that the run decides on. */
function outcomeData(outcome: ActionOutcome, address: string, asked: boolean): Settled {
  switch (outcome.status) {
    case 'succeeded':
      return { status: 'succeeded', output: outcome.output, case: outcome.case };
    case 'failed': {
      const { retryable, retryAfter, performed } = outcome;
      return { status: 'failed', error: errorValue(outcome.error, address), retryable, retryAfter, performed };
    }
    case 'unknown':
      return { status: 'unknown', error: errorValue(outcome.error, address), asked };
    case 'pending':
      return { status: 'pending', poll: outcome.poll, due: outcome.at };
    case 'held':
      return { status: 'held', item: outcome.item, due: outcome.due };
  }
}

/** How a call was answered, for the run. */
function answered(call: ActionCall, outcome: ActionOutcome): Answered {
  return { happening: settledOf(call, outcomeData(outcome, call.address, false)), change: outcome.change };
}

/** Sends an admitted call whose intention is durable. */
export function send(worker: Worker, run: ActiveRun, { call, admission }: PreparedCall): void {
  track(worker, run, call, async (signal) => {
    try {
      // What is in the ledger is sent once: when the store fails then, it tells later what became of the attempt.
      const read = admission.effect === undefined;
      const send = () => admission.send(signal, () => surelyOwns(worker, run));
      const outcome = await (read ? insist(worker, run, send) : send());
      if (outcome && !surelyOwns(worker, run) && outcome.status === 'failed' && outcome.performed === 'no') {
        return await sendLater(worker, run, call, outcome, signal);
      }
      return outcome && answered(call, outcome);
    } catch (error) {
      reportProblem(worker, run.row.id, error);
      const settled = failure(error, call.address);
      const lost: Settled = { status: 'unknown', error: settled.error, asked: false };
      return { happening: settledOf(call, admission.effect === undefined ? settled : lost), change: undefined };
    }
  });
}

/**
 * Nothing was sent, and the ownership may have passed on: it is renewed with the next decision, which sends if it is still
 * ours.
 */
async function sendLater(
  worker: Worker,
  run: ActiveRun,
  call: ActionCall,
  { effect, change }: ActionOutcome,
  signal: AbortSignal,
): Promise<Answered> {
  run.renew = true;
  const told = effect === undefined || (await keepFinding(worker, change));
  if (!told) return reconciled(worker, run, call, true, signal);
  return { happening: { kind: 'not_sent', address: call.address }, change: undefined };
}

/** Asks after asynchronous work. */
export function poll(worker: Worker, run: ActiveRun, command: Extract<Command, { kind: 'poll' }>): void {
  const { call } = command;
  // The timer was read back from the store while the answer is still on its way.
  if (isUnderWay(run, call.address)) return;
  track(worker, run, call, async (signal) => {
    try {
      const outcome = await insist(worker, run, async () =>
        worker.options.door.poll(await requestOf(worker, run, call), command.poll, signal),
      );
      return outcome && answered(call, outcome);
    } catch (error) {
      report(worker, 'defect', run.row.id, error);
      const due = worker.options.clock.now() + POLL_AGAIN;
      return { happening: settledOf(call, { status: 'pending', poll: command.poll, due }), change: undefined };
    }
  });
}

/** Finds out what became of an attempt. */
export function reconcile(worker: Worker, run: ActiveRun, command: Extract<Command, { kind: 'reconcile' }>): void {
  const { call, lost } = command;
  // The answer of a call that is still under way tells more than asking could.
  if (lost && run.calls.has(call.address)) return;
  track(worker, run, call, async (signal) => {
    try {
      return await insist(worker, run, () => reconciled(worker, run, call, lost, signal));
    } catch (error) {
      report(worker, 'defect', run.row.id, error);
      const { error: value } = failure(error, call.address);
      return { happening: settledOf(call, { status: 'unknown', error: value, asked: true }), change: undefined };
    }
  });
}

async function reconciled(
  worker: Worker,
  run: ActiveRun,
  call: ActionCall,
  lost: boolean,
  signal: AbortSignal,
): Promise<Answered> {
  const request = await requestOf(worker, run, call);
  const notSent: Happening = { kind: 'not_sent', address: call.address };
  const [effect] = await worker.options.store.find('effects', { where: { key: request.key }, limit: 1 });
  // No ledger entry: a read, which may be made again, or an intention that never became durable.
  if (lost && !effect) return { happening: notSent, change: undefined };
  const outcome = await worker.options.door.reconcile(request, signal);
  const surelyNot = outcome.status === 'failed' && outcome.performed === 'no';
  if (lost && surelyNot) {
    // The run may send it again in its next decision, and the door must find the ledger as it is by then.
    const kept = await keepFinding(worker, outcome.change);
    return kept ? { happening: notSent, change: undefined } : reconciled(worker, run, call, lost, signal);
  }
  const data = outcomeData(outcome, call.address, true);
  const settled: Settled = surelyNot && data.status === 'failed' ? { ...data, retryable: true } : data;
  return { happening: settledOf(call, settled), change: outcome.change };
}

/** Makes durable what was found out about an effect; false when somebody else changed the effect since. */
async function keepFinding(worker: Worker, change: Change): Promise<boolean> {
  try {
    await worker.options.store.commit(change);
    return true;
  } catch (error) {
    if (isCounterpointError(error, 'events.conflict')) return false;
    throw error;
  }
}

/** Whether a call of a step is under way that the run still wants the answer of. */
export function isUnderWay(run: ActiveRun, address: string): boolean {
  return run.calls.get(address)?.signal.aborted === false;
}

/**
 * Makes a call that can be aborted, and hands what it gives to the run. One that gives nothing counts as under way, so that
 * whoever has the run next finds out what became of it.
 */
export function track(
  worker: Worker,
  run: ActiveRun,
  call: ActionCall,
  work: (signal: AbortSignal) => Promise<Answered | undefined>,
): void {
  const controller = new AbortController();
  run.calls.set(call.address, controller);
  const done = work(controller.signal).then((answer) => {
    if (!answer) return;
    if (run.calls.get(call.address) === controller) run.calls.delete(call.address);
    worker.post(run, answer.happening, answer.change);
  });
  worker.underWay.add(done);
  void done.finally(() => worker.underWay.delete(done));
}

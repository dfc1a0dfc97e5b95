import { isCounterpointError, type Json } from '@counterpoint/core';
import { clearTimer, type Deciding, emit, enterList, evaluate } from './deciding.ts';
import type { Ending, Phase } from './entries.ts';
import { type ErrorValue, errorValue } from './error-value.ts';
import { stepsOfPhase } from './plan-index.ts';

type Running = Exclude<Phase, 'ended'>;

/** A list of the playbook itself came to its end, or was left because of `error`. */
export function phaseEnded(d: Deciding, phase: Running, error: ErrorValue | undefined): void {
  switch (phase) {
    case 'main':
      if (error) endMain(d, { status: 'failed', outputs: null, error });
      else succeedMain(d);
      return;
    case 'on_error':
    case 'on_cancel':
      // What went wrong while handling is in the journal; the first error stays the one that is reported.
      enterPhase(d, 'finally', endingOf(d));
      return;
    case 'finally': {
      const ending = endingOf(d);
      const spoilt = error !== undefined && ending.status === 'succeeded';
      endRun(d, spoilt ? { status: 'failed', outputs: null, error } : ending);
    }
  }
}

function endingOf(d: Deciding): Ending {
  if (!d.state.ending) throw new RangeError(`run ${d.state.run} is ending without a reason`);
  return d.state.ending;
}

function succeedMain(d: Deciding): void {
  try {
    endMain(d, { status: 'succeeded', outputs: outputsOf(d), error: null });
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    endMain(d, { status: 'failed', outputs: null, error: errorValue(error, '') });
  }
}

function outputsOf(d: Deciding): Json {
  return d.plan.outputs ? (evaluate(d, d.state.root, undefined, d.plan.outputs) as Json) : null;
}

/** Ends the run well before its last step: outputs that need what was left out are null. */
export function succeedEarly(d: Deciding): void {
  let outputs: Json = null;
  try {
    outputs = outputsOf(d);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
  }
  endMain(d, { status: 'succeeded', outputs, error: null });
}

/** Leaves the main list: on to the list that handles this ending, then to `finally`. */
export function endMain(d: Deciding, ending: Ending): void {
  if (ending.status === 'failed') enterPhase(d, 'on_error', ending);
  else if (ending.status === 'cancelled') enterPhase(d, 'on_cancel', ending);
  else enterPhase(d, 'finally', ending);
}

function enterPhase(d: Deciding, phase: Exclude<Running, 'main'>, ending: Ending): void {
  const steps = stepsOfPhase(d.plan, phase);
  if (steps.length > 0) {
    emit(d, { kind: 'phase_entered', address: '', data: { phase, ending } });
    enterList(d, d.state.root, { kind: 'phase', phase }, steps);
  } else if (phase === 'finally') endRun(d, ending);
  else enterPhase(d, 'finally', ending);
}

/** Ends the run at once. */
export function endRun(d: Deciding, ending: Ending): void {
  if (d.plan.timeout !== undefined) clearTimer(d, '', 'timeout');
  emit(d, { kind: 'run_ended', address: '', data: ending });
}

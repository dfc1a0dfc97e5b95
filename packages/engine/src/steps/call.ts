import { type Json, stableId } from '@counterpoint/core';
import type { CallStep } from '@counterpoint/playbook';
import { at, type Deciding, emit, type StepKind } from '../interpreter/deciding.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { OpenStep } from '../interpreter/state.ts';
import { argumentsOf } from './arguments.ts';
import { demandApprovals } from './covered.ts';

/**
 * `call`: another playbook as a run of its own, begun in the same commit. Output: its outputs. With `detach: true`
 * nobody waits, and the output is `{run}`.
 */
export const callKind: StepKind<CallStep> = {
  immediate: false,

  begin(d, scope, step) {
    const inputs = argumentsOf(d, scope, step, step.with);
    demandApprovals(d, scope, step, inputs);
    const address = at(scope, step);
    emit(d, { kind: 'step_started', address, data: { attempt: 1, input: inputs, waits: true } });
    const open = d.state.open.get(address) as OpenStep;
    start(d, open, step, false);
  },

  again(d, open, step) {
    const data = { attempt: open.attempts + 1, input: open.input, waits: true } as const;
    emit(d, { kind: 'step_started', address: open.address, data });
    start(d, open, step, false);
  },

  settled(d, open, step, settled) {
    if (settled.status === 'succeeded') endStep(d, open.scope, step, 'succeeded', settled.output as Json);
    else if (settled.status === 'failed') failStep(d, open.scope, step, settled.error);
  },

  recover(d, open, step) {
    start(d, open, step, true);
  },

  cancel(d, open) {
    d.commands.push({ kind: 'cancel_child', child: childOf(d, open) });
  },
};

/** The run that a `call` step waits for. */
export function childOf(d: Deciding, open: OpenStep): string {
  return stableId('call', d.state.run, open.address, String(open.generation));
}

function start(d: Deciding, open: OpenStep, step: CallStep, again: boolean): void {
  d.commands.push({
    kind: 'start_child',
    address: open.address,
    child: childOf(d, open),
    playbook: step.playbook,
    inputs: open.input ?? {},
    detach: step.detach,
    again,
  });
}

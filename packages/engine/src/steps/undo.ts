import type { Json } from '@counterpoint/core';
import type { UndoStep } from '@counterpoint/playbook';
import { at, type Deciding, emit, type StepKind } from '../interpreter/deciding.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import { addressOf, type Scope } from '../interpreter/state.ts';

/**
 * `undo`: ends this run's claims on the effects of an earlier step, which undoes those that nobody else claims.
 * Output: `undone`, how many effects were, and `kept`, an `{effect, reason}` for each that stays. Fails when an undo failed.
 */
export const undoKind: StepKind<UndoStep> = {
  immediate: false,

  begin(d, scope, step) {
    emit(d, { kind: 'step_started', address: at(scope, step), data: { attempt: 1, input: null } });
    release(d, scope, step, 1);
  },

  settled(d, open, step, settled) {
    if (settled.status === 'succeeded') endStep(d, open.scope, step, 'succeeded', settled.output as Json);
    else if (settled.status === 'failed') failStep(d, open.scope, step, settled.error);
  },

  // Ending a claim that has ended changes nothing, so that it is safe to ask again.
  recover(d, open, step) {
    release(d, open.scope, step, open.attempts);
  },
};

function release(d: Deciding, scope: Scope, step: UndoStep, attempt: number): void {
  const address = at(scope, step);
  d.commands.push({ kind: 'release', address, step: addressOfEffects(scope, step.step), attempt });
}

/** The step as this scope sees it: its own round's when it is in it, else the step of that id wherever it ran. */
function addressOfEffects(scope: Scope, id: string): string {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    if (Object.hasOwn(current.outcomes, id)) return addressOf(current, id);
  }
  return id;
}

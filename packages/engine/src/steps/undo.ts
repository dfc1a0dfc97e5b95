import type { Json } from '@counterpoint/core';
import type { Step, UndoStep } from '@counterpoint/playbook';
import { at, type Deciding, emit, type StepKind, stepOf } from '../interpreter/deciding.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { ReleaseTarget } from '../interpreter/happening.ts';
import { partsOf } from '../interpreter/plan-index.ts';
import { addressOf, type Scope } from '../interpreter/state.ts';

/**
 * `undo`: ends this run's claims on the effects of an earlier step, which undoes those that nobody else claims. For a
 * block, the effects of everything in it; for a call, those of the run it called. Output: `undone`, how many effects
 * were, and `kept`, an `{effect, reason}` for each that stays. Fails when an undo failed.
 */
export const undoKind: StepKind<UndoStep> = {
  immediate: false,

  begin(d, scope, step) {
    const attempt = (d.state.open.get(at(scope, step))?.attempts ?? 0) + 1;
    emit(d, { kind: 'step_started', address: at(scope, step), data: { attempt, input: null } });
    release(d, scope, step, attempt);
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
  const targets = withEffects(stepOf(d, step.step)).map((target): ReleaseTarget => {
    return { step: addressSeenFrom(scope, target.id), calls: target.verb === 'call' };
  });
  d.commands.push({ kind: 'release', address: at(scope, step), attempt, step: step.step, targets });
}

/** The steps in `step` that act, the last first: what was done last is undone first. */
function withEffects(step: Step): readonly Step[] {
  const inner = partsOf(step).flatMap(([, steps]) => steps.toReversed().flatMap(withEffects));
  return step.verb === 'action' || step.verb === 'call' ? [step] : inner;
}

/** The step of this round, or of one around it; else its id, for every round of the loop that it ran in. */
function addressSeenFrom(scope: Scope, id: string): string {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    if (Object.hasOwn(current.outcomes, id)) return addressOf(current, id);
  }
  return id;
}

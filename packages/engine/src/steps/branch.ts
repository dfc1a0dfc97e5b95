import type { IfStep, Step, SwitchStep } from '@counterpoint/playbook';
import {
  at,
  type Deciding,
  emit,
  enterPart,
  evaluate,
  holds,
  type PartEnd,
  type StepKind,
} from '../interpreter/deciding.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { Scope } from '../interpreter/state.ts';

/** `if`: the first branch whose condition holds, else `else`. */
export const ifKind: StepKind<IfStep> = {
  immediate: false,
  begin(d, scope, step) {
    const branch = step.branches.findIndex(({ when }) => holds(d, scope, step, when));
    take(d, scope, step, branch, step.branches[branch]?.steps ?? step.otherwise);
  },
  partEnded: end,
};

/** `switch`: the case that equals the value written as text (numbers and booleans in their JSON form), else `default`. */
export const switchKind: StepKind<SwitchStep> = {
  immediate: false,
  begin(d, scope, step) {
    const value = evaluate(d, scope, step, step.on);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const branch = step.cases.findIndex((one) => one.value === text);
    take(d, scope, step, branch, step.cases[branch]?.steps ?? step.otherwise);
  },
  partEnded: end,
};

function take(d: Deciding, scope: Scope, step: Step, branch: number, steps: readonly Step[]): void {
  emit(d, { kind: 'branch_taken', address: at(scope, step), data: { branch } });
  enterPart(d, scope, step, String(branch), steps);
}

function end(d: Deciding, scope: Scope, step: Step, { error }: PartEnd): void {
  if (error) failStep(d, scope, step, error);
  else endStep(d, scope, step, 'succeeded', null);
}

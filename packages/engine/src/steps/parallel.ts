import type { Json } from '@counterpoint/core';
import type { ParallelStep } from '@counterpoint/playbook';
import { at, type Deciding, emit, enterPart, type StepKind } from '../interpreter/deciding.ts';
import { cancelWithin, endStep, failStep } from '../interpreter/flow.ts';
import type { ParallelFrame, Scope } from '../interpreter/state.ts';

/**
 * `parallel`: all branches at once.
 *
 * With `join: all`, until the last has ended. `on_branch_error: fail`: the first error cancels the others; `collect`:
 * they go on. Output: `errors`, one `{branch, code, name, message, step}` for each that was collected, in the order of
 * the branches.
 *
 * With `join: any`, until the first ends well; the rest is cancelled. A call that is under way is not broken off: its
 * receipt still reaches the ledger. Output: `first`, the name of that branch, and `errors` of those that failed before
 * it. When all fail, the step fails with the error of the first branch as written; with `collect` it ends well, without
 * `first`.
 */
export const parallelKind: StepKind<ParallelStep> = {
  immediate: false,

  begin(d, scope, step) {
    const branches = step.branches.map((branch) => branch.name);
    emit(d, { kind: 'parallel_entered', address: at(scope, step), data: { branches } });
    for (const branch of step.branches) enterPart(d, scope, step, branch.name, branch.steps);
  },

  partEnded(d, scope, step, { part, error }) {
    const address = at(scope, step);
    emit(d, { kind: 'branch_ended', address, data: error ? { branch: part, error } : { branch: part } });
    const frame = d.state.open.get(address)?.frame as ParallelFrame;
    if (step.join === 'any') joinAny(d, scope, step, frame, error ? undefined : part);
    else if (error && step.onBranchError === 'fail') failStep(d, scope, step, error);
    else if (frame.left.size === 0) endStep(d, scope, step, 'succeeded', { errors: collected(step, frame) });
  },
};

/** @param first the branch that has just ended well; undefined when it failed */
function joinAny(d: Deciding, scope: Scope, step: ParallelStep, frame: ParallelFrame, first: string | undefined): void {
  const errors = step.onBranchError === 'collect' ? { errors: collected(step, frame) } : {};
  if (first !== undefined) {
    cancelWithin(d, at(scope, step));
    endStep(d, scope, step, 'succeeded', { first, ...errors });
  } else if (frame.left.size === 0) {
    const [failure] = inOrder(step, frame);
    if (step.onBranchError === 'fail' && failure) failStep(d, scope, step, failure.error);
    else endStep(d, scope, step, 'succeeded', errors);
  }
}

function inOrder(step: ParallelStep, { failures }: ParallelFrame): ParallelFrame['failures'] {
  return step.branches.flatMap(({ name }) => failures.filter(({ branch }) => branch === name));
}

function collected(step: ParallelStep, frame: ParallelFrame): Json {
  return inOrder(step, frame).map(({ branch, error }) => ({ branch, ...error }));
}

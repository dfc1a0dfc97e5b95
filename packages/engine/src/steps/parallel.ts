import type { ParallelStep } from '@counterpoint/playbook';
import { at, emit, enterPart, type StepKind } from '../interpreter/deciding.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { ParallelFrame } from '../interpreter/state.ts';

/**
 * `parallel`: all branches at once, until the last has ended. With `on_branch_error: fail` the first error cancels the
 * others; with `collect` they go on. Output: `errors`, one `{branch, code, name, message, step}` for each that was
 * collected, in the order of the branches.
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
    if (error && step.onBranchError === 'fail') {
      failStep(d, scope, step, error);
      return;
    }
    const frame = d.state.open.get(address)?.frame as ParallelFrame;
    if (frame.left.size > 0) return;
    const failures = step.branches.flatMap(({ name }) => frame.failures.filter(({ branch }) => branch === name));
    const collected = failures.map((failure) => ({ branch: failure.branch, ...failure.error }));
    endStep(d, scope, step, 'succeeded', { errors: collected });
  },
};

import type { ForeachStep, ParallelStep, Step } from '../plan.ts';
import { eachStep } from '../walk.ts';
import type { Checking } from './context.ts';
import { contractOf } from './contracts.ts';

/**
 * Reports collected errors that nobody reads. The errors of a loop, and of an action at
 * every provider of a capability, must be read as such. A branch is fine too when the
 * outcome of one of its steps is read; when its results are read so that their absence fails the run; or when nobody
 * reads its results at all and it changes nothing.
 */
export function checkCollected(checking: Checking): void {
  const read = new Set(checking.reads.map((path) => path.slice(0, 3).join(' ')));
  for (const step of checking.byId.values()) {
    if (step.verb === 'foreach' && step.onItemError === 'collect' && !readsErrors(step, read)) {
      checking.report.add('errors_unread', step.position, { step: step.id, branch: '' });
    }
    if (step.verb === 'action' && contractOf(step, checking)?.everywhere && !readsErrors(step, read)) {
      checking.report.add('errors_unread', step.position, { step: step.id, branch: '' });
    }
    if (step.verb === 'parallel' && step.onBranchError === 'collect' && !readsErrors(step, read)) {
      checkBranches(step, checking);
    }
  }
}

/** Whether the errors, or the whole output, of a step is read somewhere. */
function readsErrors(step: Step, read: ReadonlySet<string>): boolean {
  return read.has(`steps ${step.id} errors`) || read.has(`steps ${step.id}`) || read.has('steps');
}

function checkBranches(step: ParallelStep, checking: Checking): void {
  for (const branch of step.branches) {
    const inside: Step[] = [];
    eachStep(branch.steps, (one) => inside.push(one));
    if (inside.some((one) => isReadSafely(one, checking))) continue;
    if (!inside.some((one) => isRead('steps', one, checking)) && !inside.some((one) => changes(one, checking)))
      continue;
    const params = { step: step.id, branch: ` (of the branch ${branch.name})` };
    checking.report.add('errors_unread', step.position, params);
  }
}

function isRead(root: 'steps' | 'outcome', step: Step, { reads }: Checking): boolean {
  return reads.some((path) => path[0] === root && path[1] === step.id);
}

/** Whether its outcome is read, or its output in a way that does not forgive its absence. */
function isReadSafely(step: Step, checking: Checking): boolean {
  if (isRead('outcome', step, checking)) return true;
  const strict = new RegExp(`\\bsteps\\s*\\.\\s*${step.id}\\b`);
  const forgiving = new RegExp(
    `\\bhas\\s*\\(\\s*steps\\s*\\.\\s*${step.id}\\b|\\bcoalesce\\s*\\([^)]*\\bsteps\\s*\\.\\s*${step.id}\\b`,
  );
  return checking.expressions.some((source) => strict.test(source) && !forgiving.test(source));
}

function changes(step: ForeachStep | Step, checking: Checking): boolean {
  if (step.verb === 'call') return true;
  if (step.verb !== 'action') return false;
  return contractOf(step, checking)?.effect !== 'read';
}

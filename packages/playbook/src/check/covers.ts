import { fieldOf, toJson } from '../document/node.ts';
import type { ActionStep, ApprovalStep, CallStep, Step } from '../plan.ts';
import { parentIds } from '../walk.ts';
import { type Checking, nodeOf } from './context.ts';
import type { Scope } from './scope.ts';

/** An expression whose value is another one later. */
const READS_CLOCK = /\$\{\{(?:(?!\}\}).)*?\bnow\s*\(/s;

/**
 * Why the arguments of a covered step cannot be frozen when people are asked; undefined when they can, as far as that
 * shows without running it.
 */
export function whyNotFrozen(
  covered: Step,
  approval: ApprovalStep,
  scope: Scope,
  checking: Checking,
): string | undefined {
  if (covered.verb !== 'action' && covered.verb !== 'call') {
    return 'only an action or a call has arguments; name those inside it';
  }
  if (loopAround(covered, checking) !== loopAround(approval, checking)) {
    return 'it stands in another loop than the approval';
  }
  return whyReadLater(covered, approval, scope) ?? whyClock(covered, checking);
}

/** Id of the innermost loop around a step. */
function loopAround(step: Step, checking: Checking): string | undefined {
  const { steps, onError, onCancel, finally: last } = checking.plan;
  const parents = parentIds([...steps, ...onError, ...onCancel, ...last]);
  for (let id = parents.get(step.id); id !== undefined; id = parents.get(id)) {
    const verb = checking.byId.get(id)?.verb;
    if (verb === 'foreach' || verb === 'while') return id;
  }
  return undefined;
}

function whyReadLater(covered: ActionStep | CallStep, approval: ApprovalStep, scope: Scope): string | undefined {
  for (const [root, id] of covered.with.reads) {
    if (root === 'error' && !Object.hasOwn(scope.locals, 'error')) return 'it reads an error that has not happened yet';
    if (root !== 'steps' && root !== 'outcome') continue;
    if (id === approval.id) return 'it reads what the approval itself gives';
    if (id !== undefined && !scope.steps.has(id)) return `it reads ${root}.${id}, which has not run by then`;
  }
  return undefined;
}

function whyClock(covered: ActionStep | CallStep, checking: Checking): string | undefined {
  const node = fieldOf(nodeOf(covered, checking), 'with');
  const reads = node !== undefined && READS_CLOCK.test(JSON.stringify(toJson(node)));
  return reads ? 'it reads now(), which is later by then' : undefined;
}

import { type ExpressionType, types } from '@counterpoint/expressions';
import { fieldOf } from '../document/node.ts';
import { expressionText } from '../grammar/code.ts';
import type { IfStep, Step, SwitchStep, TryStep, UndoStep } from '../plan.ts';
import { checkAction } from './action.ts';
import { checkCall } from './call.ts';
import type { Checked, CheckList } from './checked.ts';
import { type Checking, nodeOf, placeOf } from './context.ts';
import { alwaysEnds, listEnds } from './ends.ts';
import { checkErrorNames } from './error-names.ts';
import { checkBare, checkCondition, checkTexts } from './expressions.ts';
import { conjuncts, conjunctsOfNegation } from './facts.ts';
import { checkForeach, checkParallel, checkWhile } from './loops.ts';
import { checkApproval, checkAsk, checkWait, hasEffect } from './people.ts';
import {
  addedSteps,
  errorType,
  lookingUp,
  type Scope,
  type StepView,
  uncertain,
  within,
  withLocals,
  withSteps,
} from './scope.ts';
import { approvalsCovering, approvalsGiven } from './taint.ts';
import { checkPublished } from './topics.ts';

/** Checks steps that run one after the other; gives the scope behind them. */
export const checkSteps: CheckList = (steps, scope, checking) => {
  let current = scope;
  let endedBy: Step | undefined;
  for (const step of steps) {
    if (isBehind(step, steps, scope, checking)) break;
    if (endedBy) {
      checking.report.add('unreachable_step', step.position, {
        step: step.id,
        reason: `${endedBy.id} always ends the run`,
      });
      endedBy = undefined;
    }
    current = checkStep(step, current, checking);
    if (alwaysEnds(step) && !step.guard) endedBy = step;
  }
  return current;
};

/** Whether a step of a list of the document comes after the place that is asked about, in the list where that stands. */
function isBehind({ position }: Step, [first]: readonly Step[], { inside }: Scope, { until }: Checking): boolean {
  if (until === undefined || inside.length > 0 || !first) return false;
  return first.position.from <= until && position.from > until;
}

function checkStep(step: Step, scope: Scope, checking: Checking): Scope {
  const node = nodeOf(step, checking);
  const guard = step.verb === 'if' ? undefined : fieldOf(node, 'if');
  const begin = lookingUp(scope, true);
  checkCondition(guard, 'if', begin, checking);
  const condition = guard && expressionText(guard);
  if (condition === 'false') {
    checking.report.add('unreachable_step', step.position, { step: step.id, reason: 'its condition is false' });
  }
  const inside = condition === undefined ? begin : { ...begin, facts: [...scope.facts, ...conjuncts(condition)] };
  if (step.verb === 'action' || step.verb === 'call') checkApprovalUsed(step, inside, checking);
  const { type, added } = checkVerb(step, inside, checking);
  const optional = guard !== undefined || step.onFailure === 'continue';
  const view = [step.id, { type, optional, unvisited: false }] as const;
  const after = withSteps(scope, new Map([...(optional ? uncertain(added, true) : added), view]));
  return step.verb === 'if' && !optional ? { ...after, facts: [...after.facts, ...factsBehind(step)] } : after;
}

/** Behind `if: a` whose branch always ends, `a` did not hold. */
function factsBehind(step: IfStep): readonly string[] {
  const [first] = step.branches;
  if (!first || !listEnds(first.steps)) return [];
  return conjunctsOfNegation(first.when.source);
}

function checkApprovalUsed(step: Step, scope: Scope, checking: Checking): void {
  const given = approvalsGiven(scope);
  for (const approval of approvalsCovering(step, scope, checking)) {
    if (!given.has(approval)) checking.report.add('approval_ignored', step.position, { step: step.id, approval });
  }
}

const NOTHING: ReadonlyMap<string, StepView> = new Map();

function checkVerb(step: Step, scope: Scope, checking: Checking): Checked {
  const plain = (type: ExpressionType): Checked => ({ type, added: NOTHING });
  const node = nodeOf(step, checking);
  switch (step.verb) {
    case 'action':
      return plain(checkAction(step, scope, checking));
    case 'call':
      return plain(checkCall(step, scope, checking));
    case 'if':
      return checkIf(step, scope, checking);
    case 'switch':
      return checkSwitch(step, scope, checking);
    case 'foreach':
      return checkForeach(step, scope, checking, checkSteps);
    case 'while':
      return checkWhile(step, scope, checking, checkSteps);
    case 'parallel':
      return checkParallel(step, scope, checking, checkSteps);
    case 'try':
      return checkTry(step, scope, checking);
    case 'approval':
      return plain(checkApproval(step, scope, checking));
    case 'ask':
      return plain(checkAsk(step, scope, checking));
    case 'wait':
      return plain(checkWait(step, scope, checking));
    case 'set':
      return plain(checkTexts(fieldOf(node, 'set'), scope, checking)?.type ?? types.dyn);
    case 'undo':
      return plain(checkUndo(step, scope, checking));
    case 'publish':
      checkTexts(fieldOf(node, 'subject'), scope, checking);
      checkPublished(step.topic, node, scope, checking);
      return plain(types.object({ event: { type: types.string } }));
    default:
      checkTexts(fieldOf(node, step.verb), scope, checking);
      return plain(types.null);
  }
}

function checkIf(step: IfStep, scope: Scope, checking: Checking): Checked {
  const node = nodeOf(step, checking);
  const elif = fieldOf(node, 'elif');
  const otherNodes = elif?.kind === 'list' ? elif.items : [];
  let seen = withSteps(scope, NOTHING);
  let failed: readonly string[] = [];
  const branches = [node, ...otherNodes.filter((one) => one.kind === 'map')];
  for (const [at, branch] of step.branches.entries()) {
    const inner = { ...scope, facts: [...scope.facts, ...failed] };
    checkCondition(fieldOf(branches[at], 'if'), at === 0 ? 'if' : 'elif', inner, checking);
    const facts = [...failed, ...conjuncts(branch.when.source)];
    const after = checkSteps(branch.steps, within(scope, step.id, facts), checking);
    seen = withSteps(seen, uncertain(addedSteps(scope, after), true));
    failed = [...failed, ...conjunctsOfNegation(branch.when.source)];
  }
  const after = checkSteps(step.otherwise, within(scope, step.id, failed), checking);
  seen = withSteps(seen, uncertain(addedSteps(scope, after), true));
  return { type: types.null, added: addedSteps(scope, seen) };
}

function checkSwitch(step: SwitchStep, scope: Scope, checking: Checking): Checked {
  const node = nodeOf(step, checking);
  checkBare(fieldOf(node, 'switch'), scope, checking);
  let seen = scope;
  for (const one of step.cases) {
    const fact = `${step.on.source} == ${JSON.stringify(one.value)}`;
    const after = checkSteps(one.steps, within(scope, step.id, [fact]), checking);
    seen = withSteps(seen, uncertain(addedSteps(scope, after), true));
  }
  const after = checkSteps(step.otherwise, within(scope, step.id), checking);
  seen = withSteps(seen, uncertain(addedSteps(scope, after), true));
  return { type: types.null, added: addedSteps(scope, seen) };
}

function checkTry(step: TryStep, scope: Scope, checking: Checking): Checked {
  const catches = fieldOf(nodeOf(step, checking), 'catch');
  const body = addedSteps(scope, checkSteps(step.steps, within(scope, step.id), checking));
  const maybe = uncertain(body, true);
  let seen = withSteps(scope, step.catches.length > 0 ? maybe : body);
  for (const [at, one] of step.catches.entries()) {
    const place = catches?.kind === 'list' ? catches.items[at] : undefined;
    checkErrorNames(fieldOf(place, 'on'), checking);
    const inside = withLocals(within(withSteps(scope, maybe), step.id), { error: errorType });
    const after = checkSteps(one.steps, inside, checking);
    seen = withSteps(seen, uncertain(addedSteps(inside, after), true));
  }
  const everything = withSteps(scope, uncertain(addedSteps(scope, seen), true));
  const after = checkSteps(step.finally, within(everything, step.id), checking);
  return { type: types.null, added: addedSteps(scope, withSteps(seen, addedSteps(everything, after))) };
}

function checkUndo(step: UndoStep, scope: Scope, checking: Checking): ExpressionType {
  const kept = types.object({ effect: { type: types.string }, reason: { type: types.string } });
  const type = types.object({ undone: { type: types.list(types.string) }, kept: { type: types.list(kept) } });
  const target = checking.byId.get(step.step);
  if (step.step === '' || (!target && checking.document.ids.has(step.step))) return type;
  const reason = !target
    ? 'there is none of that name'
    : !scope.steps.has(step.step)
      ? 'it does not run before'
      : hasEffect(target, checking)
        ? undefined
        : 'it changes nothing';
  if (reason) checking.report.add('undo_target', placeOf(step, 'undo', checking), { step: step.step, reason });
  return type;
}

import { nearest } from '@counterpoint/core';
import {
  type ExpressionType,
  isUntrusted,
  type ObjectField,
  typeFromJsonSchema,
  types,
  untrusted,
} from '@counterpoint/expressions';
import { type DocumentNode, fieldOf } from '../document/node.ts';
import type { ApprovalStep, AskStep, Step, WaitCondition, WaitStep } from '../plan.ts';
import { eachStep } from '../walk.ts';
import { type Checking, nodeOf } from './context.ts';
import { contractOf } from './contracts.ts';
import { whyNotFrozen } from './covers.ts';
import { checkBare, checkCondition, checkTexts } from './expressions.ts';
import { lookingUp, type Scope, withLocals } from './scope.ts';
import { topicType } from './topics.ts';

/** Whether a step, or one inside it, may change something outside. What is unknown may. */
export function hasEffect(step: Step, checking: Checking): boolean {
  let found = false;
  eachStep([step], (one) => {
    if (one.verb === 'call') found = true;
    if (one.verb !== 'action') return;
    const contract = contractOf(one, checking);
    found ||= !contract || (contract.effect !== 'read' && !contract.builtin);
  });
  return found;
}

/** Checks an `approval` step; gives the type of its output. */
export function checkApproval(step: ApprovalStep, scope: Scope, checking: Checking): ExpressionType {
  const node = nodeOf(step, checking);
  checkTexts(fieldOf(node, 'approval'), scope, checking);
  const by = fieldOf(node, 'by');
  checkTexts(fieldOf(by, 'users'), scope, checking);
  checkBare(fieldOf(by, 'exclude'), scope, checking);
  checkCovers(step, scope, checking);
  const fields: Record<string, ObjectField> = {
    approved: { type: types.bool },
    by: { type: types.list(types.string) },
    reason: { type: types.string, optional: true },
  };
  if (step.form) fields.form = { type: typeFromJsonSchema(step.form) };
  return types.object(fields);
}

function checkCovers(step: ApprovalStep, scope: Scope, checking: Checking): void {
  const covers = fieldOf(nodeOf(step, checking), 'covers');
  if (!covers) {
    checking.report.add('covers_nothing', step.position, { step: step.id });
    return;
  }
  for (const item of covers.kind === 'list' ? covers.items : []) {
    if (item.kind !== 'scalar') continue;
    const covered = checking.byId.get(item.text);
    const reason = coverProblem(covered, step, item.text, checking);
    const unfrozen = covered && !reason ? whyNotFrozen(covered, step, scope, checking) : undefined;
    if (unfrozen) checking.report.add('covers_unfrozen', item.position, { step: item.text, reason: unfrozen });
    if (!reason) continue;
    const near = covered ? undefined : nearest(item.text, checking.byId.keys());
    checking.report.add('covers_unknown', item.position, { step: item.text, reason }, near);
  }
}

function coverProblem(covered: Step | undefined, step: Step, id: string, checking: Checking): string | undefined {
  if (!covered) return checking.document.ids.has(id) ? undefined : 'there is no such step';
  if (covered.position.from < step.position.from) return 'it runs before people are asked';
  return hasEffect(covered, checking) ? undefined : 'it changes nothing, so there is nothing to approve';
}

/** Checks an `ask` step; gives the type of its output. */
export function checkAsk(step: AskStep, scope: Scope, checking: Checking): ExpressionType {
  const node = nodeOf(step, checking);
  checkTexts(fieldOf(node, 'ask'), scope, checking);
  checkTexts(fieldOf(fieldOf(node, 'of'), 'users'), scope, checking);
  const form = typeFromJsonSchema(step.form);
  const optional = step.deadline?.then === 'continue';
  return types.object({
    answered: { type: types.bool },
    by: { type: types.string, optional },
    form: { type: form, optional },
  });
}

/** Checks a `wait` step; gives the type of its output. */
export function checkWait(step: WaitStep, scope: Scope, checking: Checking): ExpressionType {
  const node = fieldOf(nodeOf(step, checking), 'wait');
  const any = fieldOf(node, 'any');
  const events: ExpressionType[] = [];
  for (const [name, condition] of Object.entries(step.any)) {
    const place = name === '' ? node : fieldOf(any, name);
    const event = checkWaitCondition(condition, place, scope, checking);
    if (event) events.push(event);
  }
  const [event, other] = events;
  const fields: Record<string, ObjectField> = { first: { type: types.string } };
  if (event) fields.event = { type: other ? anyOf(events) : event, optional: any !== undefined };
  return types.object(fields);
}

/** One of several events: anything, and as little to be trusted as the least trusted of them. */
function anyOf(events: readonly ExpressionType[]): ExpressionType {
  return events.some(isUntrusted) ? untrusted(types.dyn) : types.dyn;
}

function checkWaitCondition(
  condition: WaitCondition,
  node: DocumentNode | undefined,
  scope: Scope,
  checking: Checking,
): ExpressionType | undefined {
  if (condition.kind === 'until') checkBare(fieldOf(node, 'until'), scope, checking);
  if (condition.kind === 'window') checkWindow(condition.name, fieldOf(node, 'window'), checking);
  if (condition.kind !== 'topic') return undefined;
  const topic = fieldOf(node, 'topic');
  const event = topicType(condition.topic, topic?.position ?? node?.position, checking);
  const seen = lookingUp(withLocals(scope, { candidate: event }), false);
  checkCondition(fieldOf(node, 'match'), 'match', seen, checking);
  return event;
}

function checkWindow(name: string, node: DocumentNode | undefined, { catalogue, report }: Checking): void {
  if (!catalogue.calendars || !node || name === '' || catalogue.calendars.has(name)) return;
  report.add('unknown_window', node.position, { window: name }, nearest(name, catalogue.calendars.keys()));
}

import type { ApprovalStep, AskStep } from '../../plan.ts';
import { asTemplate, expression, requiredTemplate, template } from '../code.ts';
import type { Part, Reading } from '../context.ts';
import { asText, child, duration, flag, number, oneOf, refuseOthers, requireField, text, texts } from '../fields.ts';
import { inner } from '../policies.ts';
import { readForm } from '../schemas.ts';
import type { VerbSpec } from './spec.ts';

function readText(part: Part, field: string, reading: Reading) {
  const node = requireField(part, field, reading);
  if (node) asText(node, field, reading);
  return node ? asTemplate(node, reading) : requiredTemplate(part, field, reading);
}

function readApprovers(part: Part, reading: Reading): ApprovalStep['by'] {
  const by = inner(part, 'by', reading);
  if (!by) {
    if (!child(part, 'by')) requireField(part, 'by', reading);
    return { role: undefined, users: undefined, exclude: undefined, quorum: 1, delegate: false };
  }
  refuseOthers(by, ['role', 'users', 'exclude', 'quorum', 'delegate'], reading);
  if (!child(by, 'role') && !child(by, 'users')) requireField(by, 'role', reading);
  return {
    role: text(by, 'role', reading),
    users: template(by, 'users', reading),
    exclude: expression(by, 'exclude', reading),
    quorum: number(by, 'quorum', { min: 1, max: 20, whole: true }, reading) ?? 1,
    delegate: flag(by, 'delegate', false, reading),
  };
}

function readDeadline<const Words extends readonly string[]>(part: Part, words: Words, reading: Reading) {
  const timeout = inner(part, 'timeout', reading);
  if (!timeout) return undefined;
  refuseOthers(timeout, ['after', 'then'], reading);
  requireField(timeout, 'after', reading);
  requireField(timeout, 'then', reading);
  const after = duration(timeout, 'after', reading);
  const then: Words[number] | undefined = oneOf(timeout, 'then', words, reading);
  return after === undefined || then === undefined ? undefined : { after, then };
}

/** `approval`, `covers`, `by`, `via`, `form`, `timeout`. */
export const approvalVerb: VerbSpec = {
  fields: ['approval', 'covers', 'by', 'via', 'form'],
  read: (part, base, reading) => ({
    ...base,
    verb: 'approval',
    text: readText(part, 'approval', reading),
    covers: texts(part, 'covers', reading),
    by: readApprovers(part, reading),
    via: texts(part, 'via', reading),
    form: readForm(part, 'form', reading),
    deadline: readDeadline(part, ['deny', 'approve', 'fail'], reading),
  }),
};

function readAsked(part: Part, reading: Reading): AskStep['of'] {
  const of = inner(part, 'of', reading);
  if (!of) {
    if (!child(part, 'of')) requireField(part, 'of', reading);
    return { role: undefined, users: undefined };
  }
  refuseOthers(of, ['role', 'users'], reading);
  if (!child(of, 'role') && !child(of, 'users')) requireField(of, 'role', reading);
  return { role: text(of, 'role', reading), users: template(of, 'users', reading) };
}

/** `ask`, `of`, `via`, `form`, `timeout`. */
export const askVerb: VerbSpec = {
  fields: ['ask', 'of', 'via', 'form'],
  read(part, base, reading) {
    requireField(part, 'form', reading);
    return {
      ...base,
      verb: 'ask',
      text: readText(part, 'ask', reading),
      of: readAsked(part, reading),
      via: texts(part, 'via', reading),
      form: readForm(part, 'form', reading) ?? { type: 'object' },
      deadline: readDeadline(part, ['continue', 'fail'], reading),
    };
  },
};

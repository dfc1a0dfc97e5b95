import {
  checkExpression,
  type ExpressionType,
  isUntrusted,
  type TemplateCheckResult,
  type TemplatePiece,
  types,
  untrusted,
} from '@counterpoint/expressions';
import type { Step } from '../plan.ts';
import type { Checking } from './context.ts';
import { typesIn } from './expressions.ts';
import { compact, comparison } from './facts.ts';
import type { Scope } from './scope.ts';

/** The approvals that were given for certain where these facts hold. */
export function approvalsGiven(scope: Scope): ReadonlySet<string> {
  const given = scope.facts.flatMap((fact) => {
    const [, id] = /^steps\.\??(\w+)\.\??approved(?:==true|\.orValue\(false\))?$/.exec(compact(fact)) ?? [];
    return id ?? [];
  });
  return new Set(given);
}

/** The approvals that cover a step, by itself or through a block around it. */
export function approvalsCovering(step: Step, scope: Scope, checking: Checking): readonly string[] {
  const ids = [step.id, ...scope.inside];
  return [...checking.byId.values()].flatMap((one) =>
    one.verb === 'approval' && one.covers.some((covered) => ids.includes(covered)) ? one.id : [],
  );
}

/** Whether people saw and approved exactly what the step will do. */
export function isApproved(step: Step, scope: Scope, checking: Checking): boolean {
  const given = approvalsGiven(scope);
  return approvalsCovering(step, scope, checking).some((id) => given.has(id));
}

/**
 * The arguments (top-level keys of a template) that hold untrusted values, apart from values that a guard compares with
 * trusted ones (`value in list`, `value == other`).
 */
export function taintedKeys(result: TemplateCheckResult, scope: Scope, checking: Checking): ReadonlySet<string> {
  return new Set(taintedPieces(result, scope, checking).map((piece) => String(piece.path[0] ?? '')));
}

/**
 * The expressions of a template that put something untrusted where a reader, who sees the template's value as
 * `expected`, would trust it. Values that a guard compares with trusted ones do not count.
 */
export function launderedPieces(
  result: TemplateCheckResult,
  expected: ExpressionType,
  scope: Scope,
  checking: Checking,
): readonly TemplatePiece[] {
  return taintedPieces(result, scope, checking).filter((piece) => {
    const seen = piece.path.reduce(partAt, expected);
    return launders(piece.whole ? piece.type : untrusted(types.string), seen);
  });
}

function taintedPieces(result: TemplateCheckResult, scope: Scope, checking: Checking): readonly TemplatePiece[] {
  const allowed = allowListed(scope, checking);
  return result.pieces.filter((piece) => piece.untrusted && !allowed.has(compact(piece.source)));
}

/** Whether some part of `actual` is untrusted and the same part of `expected` is not. */
function launders(actual: ExpressionType, expected: ExpressionType): boolean {
  if (expected.untrusted || !isUntrusted(actual)) return false;
  if (actual.untrusted) return true;
  switch (actual.kind) {
    case 'list':
      return launders(actual.items, partAt(expected, 0));
    case 'map':
      return launders(actual.values, expected.kind === 'map' ? expected.values : types.dyn);
    case 'optional':
      return launders(actual.value, expected);
    case 'object':
      return Object.entries(actual.fields).some(([name, field]) =>
        launders(field.untrusted ? untrusted(field.type) : field.type, partAt(expected, name)),
      );
    default:
      return true;
  }
}

/** The type of one part of a value; what its type does not describe may be anything, and is trusted. */
function partAt(type: ExpressionType, part: string | number): ExpressionType {
  const within = (inner: ExpressionType) => (type.untrusted ? untrusted(inner) : inner);
  if (type.kind === 'list' && typeof part === 'number') return within(type.items);
  if (type.kind === 'map') return within(type.values);
  if (type.kind !== 'object' || !Object.hasOwn(type.fields, part)) return within(types.dyn);
  const field = type.fields[part];
  return within(field?.untrusted ? untrusted(field.type) : (field?.type ?? types.dyn));
}

function allowListed(scope: Scope, checking: Checking): ReadonlySet<string> {
  const names = typesIn(scope, checking);
  const values = scope.facts.flatMap((fact) => {
    const found = comparison(fact);
    if (!found) return [];
    const { findings, untrusted } = checkExpression(found.other, names);
    return findings.length === 0 && !untrusted ? found.value : [];
  });
  return new Set(values);
}

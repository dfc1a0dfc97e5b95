import { checkExpression, type TemplateCheckResult } from '@counterpoint/expressions';
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
  const allowed = allowListed(scope, checking);
  const tainted = result.pieces.filter((piece) => piece.untrusted && !allowed.has(compact(piece.source)));
  return new Set(tainted.map((piece) => String(piece.path[0] ?? '')));
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

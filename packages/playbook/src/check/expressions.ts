import {
  type CheckResult,
  checkExpression,
  checkTemplate,
  describeType,
  type ExpressionFinding,
  type ExpressionType,
  type TemplateCheckResult,
  types,
  untrusted,
} from '@counterpoint/expressions';
import { positionWithin } from '../document/expression-text.ts';
import { type DocumentNode, nodeAt, toJson } from '../document/node.ts';
import { expressionText } from '../grammar/code.ts';
import type { Position } from '../plan.ts';
import type { Checking } from './context.ts';
import { tablesIn } from './look-up.ts';
import { namesOf, type Scope } from './scope.ts';

/** The names of a scope, as the expression checker wants them. */
export function typesIn(scope: Scope, checking: Checking): Readonly<Record<string, ExpressionType>> {
  return { ...checking.common, ...namesOf(scope) };
}

/** Checks the bare CEL of a node and reports what is wrong. Undefined when there is nothing to check. */
export function checkBare(node: DocumentNode | undefined, scope: Scope, checking: Checking): CheckResult | undefined {
  const source = node && expressionText(node);
  if (node) checking.onNames?.(node, typesIn(scope, checking));
  if (!node || source === undefined || checking.document.origins.unusable.has(node)) return undefined;
  const result = checkExpression(source, typesIn(scope, checking), tablesIn(scope, checking));
  const shift = Math.max(0, node.kind === 'scalar' ? node.text.indexOf(source) : 0);
  for (const finding of result.findings) {
    const position = positionWithin(node, finding.offset + shift, finding.length, checking.document.source);
    reportFinding(finding, source.slice(0, finding.offset + finding.length), position, scope, checking);
  }
  checking.remember(source, result.reads);
  return result;
}

/** Checks bare CEL that must be true or false. */
export function checkCondition(
  node: DocumentNode | undefined,
  field: string,
  scope: Scope,
  checking: Checking,
): CheckResult | undefined {
  const result = checkBare(node, scope, checking);
  if (!node || !result || result.findings.length > 0) return result;
  const { type } = result;
  if (type.kind !== 'bool' && type.kind !== 'dyn') {
    checking.report.add('condition_type', node.position, { field, actual: describeType(type) });
  }
  return result;
}

/** Checks a template and reports what is wrong. */
export function checkTexts(
  node: DocumentNode | undefined,
  scope: Scope,
  checking: Checking,
): TemplateCheckResult | undefined {
  if (!node) return undefined;
  checking.onNames?.(node, typesIn(scope, checking));
  const result = checkTemplate(toJson(node), typesIn(scope, checking), tablesIn(scope, checking));
  for (const finding of result.findings) {
    const leaf = nodeAt(node, finding.path);
    if (checking.document.origins.unusable.has(leaf)) continue;
    const position = positionWithin(leaf, finding.offset, finding.length, checking.document.source);
    const text = leaf.kind === 'scalar' ? leaf.text.slice(0, finding.offset + finding.length) : '';
    reportFinding(finding, text, position, scope, checking);
  }
  for (const piece of result.pieces) checking.remember(piece.source, []);
  checking.remember('', result.reads);
  return result;
}

/** A finding of an expression; what is really about steps out of sight is said in those words. */
function reportFinding(
  finding: ExpressionFinding,
  upTo: string,
  position: Position,
  scope: Scope,
  checking: Checking,
): void {
  const { code, message, suggestion } = finding;
  const [, step] = /\b(?:steps|outcome)\s*\.\s*\??\s*(\w+)$/.exec(upTo) ?? [];
  const isMissingStep = code === 'expressions.no_such_field' && step !== undefined && !scope.steps.has(step);
  if (isMissingStep && checking.document.ids.has(step)) {
    const reason = reasonUnseen(step, position, scope, checking);
    if (reason) checking.report.add('step_out_of_scope', position, { step, reason });
    return;
  }
  checking.report.put({ code, severity: 'error', message, suggestion, position });
}

/** Why a step of the document cannot be seen; undefined when the step itself could not be read. */
function reasonUnseen(id: string, position: Position, scope: Scope, checking: Checking): string | undefined {
  const step = checking.byId.get(id);
  if (!step) return undefined;
  if (scope.inside.includes(id)) return 'it is still under way';
  if (step.position.from > position.from) return 'it runs later';
  if (step.position.from <= position.from && step.position.to >= position.to) return 'it is this step itself';
  return 'it is inside a loop or in another branch';
}

/** What the items of a list have in common; `dyn` items for anything whose type is not known. */
export function itemType(type: ExpressionType): ExpressionType | undefined {
  if (type.kind === 'list') return type.untrusted ? untrusted(type.items) : type.items;
  return type.kind === 'dyn' ? (type.untrusted ? untrusted(types.dyn) : types.dyn) : undefined;
}

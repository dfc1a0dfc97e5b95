import type { Expression } from './ast.ts';
import { errors } from './errors.ts';
import type { Presence } from './presence.ts';
import { at, type Span } from './source.ts';
import type { Report } from './syntax.ts';
import { describeType, type ExpressionType, isUntrusted, untrusted } from './types.ts';

/** The tables that `lookup` reads, as far as the checker knows them. */
export interface ExpressionTables {
  /** Types of their rows, by name; undefined: it is not known which there are. */
  readonly rows: ReadonlyMap<string, ExpressionType> | undefined;
  /** Whether `lookup` may be called in this expression at all. */
  readonly allowed: boolean;
}

/** What the checker knows at one place of an expression. */
export interface CheckContext {
  readonly scope: Readonly<Record<string, ExpressionType>>;
  /** Types of macro variables, by slot. */
  readonly variables: ReadonlyMap<number, ExpressionType>;
  /** Optional fields that a condition has shown to be there. */
  readonly present: Presence;
  /** Whether absence is dealt with here, as inside `has` and `coalesce`. */
  readonly lenient: boolean;
  readonly report: Report;
  /** What `lookup` may read; undefined: that is not checked. */
  readonly tables: ExpressionTables | undefined;
  /** The type of a part; reports what is wrong in it. */
  infer(node: Expression, context: CheckContext): ExpressionType;
}

/** The text of a node. */
export function textAt({ source, offset, length }: Span): string {
  return source.slice(offset, offset + length);
}

/** Reports that a value has the wrong type. */
export function reportMismatch(
  context: CheckContext,
  span: Span,
  what: string,
  expected: string,
  actual: string,
  suggestion?: string,
): void {
  context.report(errors.type_mismatch({ what, expected, actual }, at(span, suggestion)));
}

/** The type of a part that must be there: an optional is reported, and taken as its value. */
export function inferPresent(node: Expression, context: CheckContext): ExpressionType {
  const type = context.infer(node, context);
  if (type.kind !== 'optional') return type;
  const what = textAt(node.span);
  const suggestion = `${what}.orValue(…)`;
  context.report(errors.may_be_absent({ what: `"${what}"`, suggestion }, at(node.span, suggestion)));
  return type.value;
}

/** Infers a part that must be a bool. */
export function inferCondition(node: Expression, context: CheckContext, what: string): void {
  const type = inferPresent(node, context);
  if (type.kind !== 'bool' && type.kind !== 'dyn') reportMismatch(context, node.span, what, 'bool', describeType(type));
}

/** `type`, untrusted when any of `sources` is. */
export function taintedBy(type: ExpressionType, sources: readonly ExpressionType[]): ExpressionType {
  return sources.some(isUntrusted) ? untrusted(type) : type;
}

import { type Expression, type Node, type NodeKind, readsOf } from './ast.ts';
import { inferField, inferIndex, inferName } from './check-access.ts';
import { inferCall, inferCoalesce, inferOptional } from './check-calls.ts';
import {
  type CheckContext,
  type ExpressionTables,
  inferCondition,
  inferPresent,
  reportMismatch,
} from './check-context.ts';
import { inferMacro } from './check-macros.ts';
import { inferBinary } from './check-operators.ts';
import { presentWhen, union } from './presence.ts';
import { type ExpressionFinding, findingOf } from './source.ts';
import { parseExpression } from './syntax.ts';
import {
  describeType,
  type ExpressionType,
  isNumeric,
  isUntrusted,
  joinAll,
  joinTypes,
  type ObjectField,
  types,
  untrusted,
} from './types.ts';

/** What the checker found out about an expression. */
export interface CheckResult {
  /** The type of its value, with the untrusted parts marked. An `optional` that is left evaluates to null when absent. */
  readonly type: ExpressionType;
  /** Everything that is wrong with it; empty when it is fine. */
  readonly findings: readonly ExpressionFinding[];
  /** The member paths that it reads from its scope. */
  readonly reads: readonly string[][];
  /** Whether its value derives from an untrusted field without passing a validator. */
  readonly untrusted: boolean;
}

type Inferers = { readonly [Kind in NodeKind]: (node: Node<Kind>, context: CheckContext) => ExpressionType };

/**
 * Checks an expression against the types of the names in its scope, without evaluating it. Never throws for a faulty
 * expression: every problem is a finding.
 *
 * @param tables what `lookup` may read; without it any table, anywhere
 */
export function checkExpression(
  source: string,
  scope: Readonly<Record<string, ExpressionType>>,
  tables?: ExpressionTables,
): CheckResult {
  const findings: ExpressionFinding[] = [];
  const report: CheckContext['report'] = (problem) => {
    findings.push(findingOf(problem));
  };
  const tree = parseExpression(source, report);
  const context = { scope, variables: new Map(), present: new Set<string>(), lenient: false, report, tables, infer };
  const type = infer(tree, context);
  findings.sort((a, b) => a.offset - b.offset);
  return { type, findings, reads: readsOf(tree), untrusted: isUntrusted(type) };
}

function infer(node: Expression, context: CheckContext): ExpressionType {
  return (inferers[node.kind] as (node: Expression, context: CheckContext) => ExpressionType)(node, context);
}

function inferLogic(node: Node<'logic'>, context: CheckContext): ExpressionType {
  const what = `"${node.op}"`;
  inferCondition(node.left, context, what);
  const present = union(context.present, presentWhen(node.left, node.op === '&&'));
  inferCondition(node.right, { ...context, present }, what);
  return types.bool;
}

function inferConditional(node: Node<'conditional'>, context: CheckContext): ExpressionType {
  inferCondition(node.condition, context, 'A condition');
  const [whenTrue, otherwise] = [node.whenTrue, node.otherwise].map((branch, index) => {
    const present = union(context.present, presentWhen(node.condition, index === 0));
    return infer(branch, { ...context, present });
  }) as [ExpressionType, ExpressionType];
  return joinTypes(whenTrue, otherwise);
}

function inferMap(node: Node<'map'>, context: CheckContext): ExpressionType {
  const fields: Record<string, ObjectField> = Object.create(null);
  const values: ExpressionType[] = [];
  const keys = node.entries.map(([key, value]) => {
    const keyType = inferPresent(key, context);
    if (keyType.kind !== 'string' && keyType.kind !== 'dyn') {
      reportMismatch(context, key.span, 'A map key', 'text', describeType(keyType));
    }
    const type = infer(value, context);
    values.push(type);
    if (key.kind === 'literal') fields[String(key.value)] = { type };
    return keyType;
  });
  if (node.entries.every(([key]) => key.kind === 'literal')) return types.object(fields);
  const map = types.map(joinAll(values));
  return keys.some(isUntrusted) ? untrusted(map) : map;
}

const inferers: Inferers = {
  literal: ({ type }) => types[type],
  name: inferName,
  variable: ({ slot }, context) => context.variables.get(slot) ?? types.dyn,
  field: inferField,
  index: inferIndex,
  call: inferCall,
  has: ({ target }, context) => {
    infer(target, { ...context, lenient: true });
    return types.bool;
  },
  coalesce: inferCoalesce,
  optional: inferOptional,
  macro: inferMacro,
  list: ({ items }, context) => types.list(joinAll(items.map((item) => infer(item, context)))),
  map: inferMap,
  conditional: inferConditional,
  logic: inferLogic,
  not: ({ operand }, context) => {
    inferCondition(operand, context, '"!"');
    return types.bool;
  },
  negate: ({ operand }, context) => {
    const type = inferPresent(operand, context);
    if (!isNumeric(type) && type.kind !== 'dyn') {
      reportMismatch(context, operand.span, '"-"', 'a number', describeType(type));
    }
    return type;
  },
  binary: inferBinary,
  invalid: ({ parts }, context) => {
    for (const part of parts) infer(part, context);
    return types.dyn;
  },
};

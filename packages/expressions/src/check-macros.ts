import type { Node } from './ast.ts';
import { type CheckContext, inferCondition, inferPresent, reportMismatch } from './check-context.ts';
import { presentWhen, union } from './presence.ts';
import {
  describeType,
  type ExpressionType,
  elementType,
  isMapLike,
  isNumeric,
  isUntrusted,
  partOf,
  types,
  untrusted,
} from './types.ts';

function itemOf(target: ExpressionType, node: Node<'macro'>, context: CheckContext): ExpressionType {
  if (target.kind === 'list' || target.kind === 'dyn') return elementType(target);
  if (isMapLike(target)) return partOf(target, types.string);
  reportMismatch(context, node.target.span, `${node.macro}()`, 'a list or a map', describeType(target));
  return types.dyn;
}

/** The type of a macro's result; checks its body with the type of its variable. */
export function inferMacro(node: Node<'macro'>, context: CheckContext): ExpressionType {
  const target = inferPresent(node.target, context);
  const item = itemOf(target, node, context);
  const within = { ...context, variables: new Map(context.variables).set(node.slot, item) };
  const what = `${node.macro}()`;
  switch (node.macro) {
    case 'all':
    case 'exists':
    case 'exists_one':
      inferCondition(node.body, within, what);
      return types.bool;
    case 'filter':
      inferCondition(node.body, within, what);
      return types.list(item);
    case 'map': {
      if (!node.filter) return types.list(context.infer(node.body, within));
      inferCondition(node.filter, within, what);
      const present = union(within.present, presentWhen(node.filter, true));
      return types.list(context.infer(node.body, { ...within, present }));
    }
    default:
      return keyedResult(node, item, within);
  }
}

function keyedResult(node: Node<'macro'>, item: ExpressionType, context: CheckContext): ExpressionType {
  const key = inferPresent(node.body, context);
  const scalar = key.kind === 'dyn' || key.kind === 'string' || isNumeric(key);
  const groups = node.macro === 'group_by';
  if (!scalar && !(groups && key.kind === 'bool')) {
    reportMismatch(context, node.body.span, `A ${node.macro}() key`, 'a number or a text', describeType(key));
  }
  if (node.macro === 'sort_by') return types.list(item);
  if (!groups) return item;
  const result = types.map(types.list(item));
  return isUntrusted(key) ? untrusted(result) : result;
}

import { nearest } from '@counterpoint/core';
import { unknownName } from './access.ts';
import type { Node } from './ast.ts';
import { type CheckContext, inferPresent, reportMismatch, textAt } from './check-context.ts';
import { errors } from './errors.ts';
import { presenceKey } from './presence.ts';
import { at, didYouMean } from './source.ts';
import { describeType, type ExpressionType, elementType, fieldType, ownField, partOf, types } from './types.ts';

/** The type of a name of the scope. */
export function inferName({ name, span }: Node<'name'>, context: CheckContext): ExpressionType {
  const type = Object.hasOwn(context.scope, name) ? context.scope[name] : undefined;
  if (type) return type;
  context.report(unknownName(name, Object.keys(context.scope), span));
  return types.dyn;
}

type Access = Node<'field'> | Node<'index'>;

function memberType(target: ExpressionType, name: string, node: Access, context: CheckContext): ExpressionType {
  if (target.kind === 'map') return partOf(target, target.values);
  if (target.kind === 'dyn') return partOf(target, types.dyn);
  const span = node.kind === 'field' ? node.nameSpan : node.index.span;
  if (target.kind !== 'object') {
    reportMismatch(context, span, `".${name}"`, 'a map', describeType(target));
    return types.dyn;
  }
  const field = ownField(target, name);
  if (!field) {
    if (!target.open) {
      const near = nearest(name, Object.keys(target.fields));
      context.report(errors.no_such_field({ field: name, hint: didYouMean(near) }, at(span, near)));
    }
    return partOf(target, types.dyn);
  }
  if (field.optional && !node.optional) reportAbsence(name, node, context);
  return fieldType(target, field);
}

function reportAbsence(name: string, node: Access, context: CheckContext): void {
  const key = presenceKey(node);
  if (context.lenient || (key !== undefined && context.present.has(key))) return;
  const target = textAt(node.target.span);
  const access = node.kind === 'field' ? `.?${name}` : `[?"${name}"]`;
  const suggestion = `${target}${access}.orValue(…)`;
  context.report(errors.may_be_absent({ what: `"${textAt(node.span)}"`, suggestion }, at(node.span, suggestion)));
}

/** The type of `target.name` and `target.?name`. An access on an optional gives an optional. */
export function inferField(node: Node<'field'>, context: CheckContext): ExpressionType {
  const target = context.infer(node.target, context);
  if (target.kind !== 'optional') {
    const type = memberType(target, node.name, node, context);
    return node.optional ? types.optional(type) : type;
  }
  return types.optional(memberType(target.value, node.name, { ...node, optional: true }, context));
}

/** The type of `target[index]` and `target[?index]`. */
export function inferIndex(node: Node<'index'>, context: CheckContext): ExpressionType {
  const target = context.infer(node.target, context);
  const key = inferPresent(node.index, context);
  const plain = target.kind === 'optional' ? target.value : target;
  const optional = node.optional || target.kind === 'optional';
  const type = itemType(plain, key, { ...node, optional }, context);
  return optional ? types.optional(type) : type;
}

function itemType(
  target: ExpressionType,
  key: ExpressionType,
  node: Node<'index'>,
  context: CheckContext,
): ExpressionType {
  if (target.kind === 'list') {
    if (key.kind !== 'int' && key.kind !== 'dyn') {
      reportMismatch(context, node.index.span, 'A list index', 'int', describeType(key));
    }
    return elementType(target);
  }
  if (target.kind === 'map' || target.kind === 'object') {
    if (key.kind !== 'string' && key.kind !== 'dyn') {
      reportMismatch(context, node.index.span, '"[ ]"', 'a text key', describeType(key));
    }
    const { index } = node;
    if (index.kind === 'literal' && typeof index.value === 'string') {
      return memberType(target, index.value, node, context);
    }
    return elementType(target);
  }
  if (target.kind !== 'dyn') reportMismatch(context, node.span, '"[ ]"', 'a list or a map', describeType(target));
  return partOf(target, types.dyn);
}

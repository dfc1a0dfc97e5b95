import { isCounterpointError, nearest } from '@counterpoint/core';
import type { Node } from './ast.ts';
import { type CheckContext, inferPresent, reportMismatch, taintedBy, textAt } from './check-context.ts';
import { compileNode } from './compile.ts';
import { errors } from './errors.ts';
import { signaturesOf } from './function-table.ts';
import { compilePattern } from './functions/patterns.ts';
import { Runtime } from './runtime.ts';
import {
  type Bindings,
  bindType,
  countRange,
  describeParameter,
  parameterAt,
  resultType,
  type Signature,
  variablesOf,
} from './signature.ts';
import { at, didYouMean } from './source.ts';
import { describeType, type ExpressionType, isUntrusted, joinAll, joinTypes, types, untrusted } from './types.ts';

/** The type of a function's result. */
export function inferCall(node: Node<'call'>, context: CheckContext): ExpressionType {
  const args = node.args.map((arg) => inferPresent(arg, context));
  const signatures = signaturesOf(node.fn).filter((one) => {
    const { min, max } = countRange(one);
    return args.length >= min && args.length <= max;
  });
  for (const signature of signatures) {
    const bindings: Bindings = new Map();
    if (args.every((arg, index) => accepts(signature, index, arg, bindings))) {
      checkConstants(node, context);
      if (node.fn.name === 'lookup') return inferLookup(node, context, callResult(node, signature, args, bindings));
      return callResult(node, signature, args, bindings);
    }
  }
  reportArguments(node, signatures, args, context);
  return taintedBy(node.fn.returns ?? resultType(signatures[0]?.result ?? { kind: 'dyn' }, new Map()), args);
}

/** A row is as much to be trusted as its table says, whoever chose which one. */
function inferLookup(node: Node<'call'>, context: CheckContext, otherwise: ExpressionType): ExpressionType {
  const { tables } = context;
  if (tables?.allowed === false) context.report(errors.lookup_unavailable({}, at(node.span)));
  const [table] = node.args;
  if (!tables?.rows || table?.kind !== 'literal' || typeof table.value !== 'string') return otherwise;
  const type = tables.rows.get(table.value);
  if (type) return type;
  const near = nearest(table.value, tables.rows.keys());
  context.report(
    errors.unknown_table({ table: table.value, hint: didYouMean(near) }, at(table.span, near && `"${near}"`)),
  );
  return types.dyn;
}

function accepts(signature: Signature, index: number, type: ExpressionType, bindings: Bindings): boolean {
  const parameter = parameterAt(signature, index);
  return parameter !== undefined && bindType(parameter.type, type, bindings);
}

function callResult(
  { fn }: Node<'call'>,
  signature: Signature,
  args: readonly ExpressionType[],
  bindings: Bindings,
): ExpressionType {
  const result = fn.returns ?? resultType(signature.result, bindings);
  if (fn.trusted || result.kind === 'bool') return result;
  // What a type variable carries over keeps its own marks; anything else that went in marks the whole result.
  const carried = new Set(fn.returns ? [] : variablesOf(signature.result));
  const marks = args.some((arg, index) => {
    const variables = variablesOf(parameterAt(signature, index)?.type ?? { kind: 'dyn' });
    return isUntrusted(arg) && !variables.some((name) => carried.has(name));
  });
  return marks ? untrusted(result) : result;
}

function reportArguments(
  node: Node<'call'>,
  signatures: readonly Signature[],
  args: readonly ExpressionType[],
  context: CheckContext,
): void {
  const [only] = signatures;
  const wrong = args.findIndex((arg, index) => only === undefined || !accepts(only, index, arg, new Map()));
  const parameter = only && parameterAt(only, wrong);
  const span = node.args[wrong]?.span ?? node.span;
  const actual = describeType(args[wrong] ?? types.dyn);
  if (signatures.length === 1 && parameter) {
    const suggestion = parameter.type.kind === 'string' ? `string(${textAt(span)})` : undefined;
    const what = `${node.fn.name}() argument "${parameter.name}"`;
    reportMismatch(context, span, what, describeParameter(parameter.type), actual, suggestion);
  } else {
    const expected = signatures.map((one) => one.text).join(' or ');
    reportMismatch(context, node.span, `${node.fn.name}()`, expected, args.map((arg) => describeType(arg)).join(', '));
  }
}

const NEEDS_HOST: ReadonlySet<string> = new Set(['now', 'lookup']);

/** What can be known now need not wait for a run: patterns, and calls whose arguments are all written out. */
function checkConstants(node: Node<'call'>, context: CheckContext): void {
  const [, pattern] = node.args;
  if (node.fn.group === 'patterns' && pattern?.kind === 'literal') {
    const compiled = compilePattern(String(pattern.value));
    if (typeof compiled === 'string') context.report(errors.invalid_pattern({ reason: compiled }, at(pattern.span)));
  } else if (!NEEDS_HOST.has(node.fn.name) && node.args.every((arg) => arg.kind === 'literal')) {
    try {
      compileNode(node)(new Runtime({}, { budget: 10_000 }));
    } catch (error) {
      if (!isCounterpointError(error)) throw error;
      context.report(error);
    }
  }
}

/** The type of `orValue`, `or`, `hasValue` and `value`. */
export function inferOptional(node: Node<'optional'>, context: CheckContext): ExpressionType {
  const target = context.infer(node.target, context);
  const other = node.arg ? context.infer(node.arg, context) : types.null;
  if (target.kind !== 'optional' && target.kind !== 'dyn') {
    reportMismatch(context, node.span, `${node.verb}()`, 'an optional, as .? gives', describeType(target));
  }
  if (node.verb === 'hasValue') return types.bool;
  const value = target.kind === 'optional' ? target.value : target;
  if (node.verb === 'value') return value;
  if (node.verb === 'or') return types.optional(joinTypes(value, other.kind === 'optional' ? other.value : other));
  return joinTypes(value, other.kind === 'optional' ? inferPresent(node.arg ?? node, context) : other);
}

/** The type of `coalesce`: absence is what it is for, so nothing is reported as absent inside it. */
export function inferCoalesce(node: Node<'coalesce'>, context: CheckContext): ExpressionType {
  const lenient = { ...context, lenient: true };
  return joinAll(
    node.args.map((arg) => {
      const type = context.infer(arg, lenient);
      return type.kind === 'optional' ? type.value : type;
    }),
  );
}

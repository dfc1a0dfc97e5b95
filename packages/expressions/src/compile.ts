import { isCounterpointError } from '@counterpoint/core';
import { readField, readIndex, readName, readOptional } from './access.ts';
import { type Expression, type Node, type NodeKind, partsOf } from './ast.ts';
import { errors } from './errors.ts';
import { signaturesOf } from './function-table.ts';
import { elementsOf, macros } from './macros.ts';
import { operators } from './operators.ts';
import { ERROR_COST, type Runtime } from './runtime.ts';
import { acceptsValue, countRange, describeParameter, parameterAt, type Signature } from './signature.ts';
import { at, type Span } from './source.ts';
import { admit, isMap, kindOf, Optional, type PlainMap, setOwn } from './values.ts';

/** A compiled node: reads its data from the runtime. */
export type Evaluator = (runtime: Runtime) => unknown;

type Compilers = { readonly [Kind in NodeKind]: (node: Node<Kind>) => Evaluator };

/** Turns a tree into closures. The tree must be free of `invalid` nodes. */
export function compileNode(node: Expression): Evaluator {
  return (compilers[node.kind] as (node: Expression) => Evaluator)(node);
}

/** How many nodes one evaluation of `node` visits, bodies of inner macros left out: they pay for themselves. */
function weight(node: Expression): number {
  const parts = node.kind === 'macro' ? [node.target] : partsOf(node);
  return parts.reduce((sum, part) => sum + weight(part), 1);
}

function condition(value: unknown, what: string, span: Span): boolean {
  if (typeof value === 'boolean') return value;
  throw errors.type_mismatch({ what, expected: 'bool', actual: kindOf(value) }, at(span));
}

/** Whether an error says that something is not there, which `coalesce` and `has` take as an answer. */
function meansAbsent(error: unknown): boolean {
  return isCounterpointError(error) && ABSENT.has(error.code);
}

const ABSENT: ReadonlySet<string> = new Set([
  'expressions.no_such_field',
  'expressions.field_of_null',
  'expressions.index_out_of_range',
  'expressions.unknown_name',
]);

/** Errors that no operator may swallow. */
const FATAL: ReadonlySet<string> = new Set(['expressions.budget_exceeded', 'expressions.output_too_large']);

function compileLogic(node: Node<'logic'>): Evaluator {
  const left = compileNode(node.left);
  const right = compileNode(node.right);
  const decisive = node.op === '||';
  const what = `"${node.op}"`;
  // CEL: when one side alone decides, an error on the other side does not matter, whichever comes first.
  return (runtime) => {
    let first: boolean;
    try {
      first = condition(left(runtime), what, node.left.span);
    } catch (error) {
      if (isCounterpointError(error) && FATAL.has(error.code)) throw error;
      runtime.charge(ERROR_COST);
      if (right(runtime) === decisive) return decisive;
      throw error;
    }
    return first === decisive ? decisive : condition(right(runtime), what, node.right.span);
  };
}

/**
 * Compiles what is asked for its presence: gives undefined, at no cost, where a name or a field of data is absent.
 * Absence of any other kind is thrown, as elsewhere.
 */
function compileProbe(node: Expression): Evaluator {
  if (node.kind === 'name') {
    const { name, span } = node;
    return (runtime) => (isAbsent(runtime.scope, name) ? undefined : readName(name, runtime, span));
  }
  if (node.kind === 'field' && !node.optional) {
    const target = compileProbe(node.target);
    const { name, nameSpan } = node;
    return (runtime) => {
      const value = target(runtime);
      if (value === undefined || value === null || (isMap(value) && isAbsent(value, name))) return undefined;
      return readField(value, name, runtime, nameSpan);
    };
  }
  return compileNode(node);
}

function isAbsent(map: PlainMap, name: string): boolean {
  return !Object.hasOwn(map, name) || map[name] === undefined;
}

function compileHas(node: Node<'has'>): Evaluator {
  const target = compileProbe(node.target);
  return (runtime) => {
    try {
      const value = target(runtime);
      return value instanceof Optional ? value.present : value !== undefined;
    } catch (error) {
      if (!meansAbsent(error)) throw error;
      runtime.charge(ERROR_COST);
      return false;
    }
  };
}

function compileCoalesce(node: Node<'coalesce'>): Evaluator {
  const args = node.args.map(compileProbe);
  return (runtime) => {
    for (const arg of args) {
      try {
        const value = arg(runtime);
        const plain = value instanceof Optional ? value.value : value;
        if (plain !== undefined && plain !== null) return plain;
      } catch (error) {
        if (!meansAbsent(error)) throw error;
        runtime.charge(ERROR_COST);
      }
    }
    return null;
  };
}

function compileCall(node: Node<'call'>): Evaluator {
  const { fn, span } = node;
  const fixed = fn.cost ?? 0;
  const args = node.args.map(compileNode);
  const signatures = signaturesOf(fn).filter((one) => {
    const { min, max } = countRange(one);
    return args.length >= min && args.length <= max;
  });
  return (runtime) => {
    const values = args.map((arg) => arg(runtime));
    runtime.span = span;
    if (!signatures.some((one) => fits(one, values))) throw wrongType(fn.name, signatures, values, span);
    let cost = 1 + fixed;
    for (const value of values) cost += costOf(value);
    runtime.charge(cost);
    const result = fn.run(values, runtime);
    runtime.span = span;
    if (typeof result === 'string') runtime.chargeText(result.length);
    else runtime.charge(costOf(result));
    return result;
  };
}

function costOf(value: unknown): number {
  if (typeof value === 'string') return value.length >>> 6;
  return Array.isArray(value) ? value.length : 0;
}

function fits(signature: Signature, values: readonly unknown[]): boolean {
  for (let index = 0; index < values.length; index++) {
    const parameter = parameterAt(signature, index);
    if (!parameter || !acceptsValue(parameter.type, values[index])) return false;
  }
  return true;
}

function wrongType(name: string, signatures: readonly Signature[], values: readonly unknown[], span: Span): Error {
  const [only] = signatures;
  const wrong = values.findIndex((value, index) => {
    const parameter = only && parameterAt(only, index);
    return !parameter || !acceptsValue(parameter.type, value);
  });
  const parameter = only && parameterAt(only, wrong);
  if (signatures.length === 1 && parameter) {
    const what = `${name}() argument "${parameter.name}"`;
    const actual = kindOf(values[wrong]);
    return errors.type_mismatch({ what, expected: describeParameter(parameter.type), actual }, at(span));
  }
  const expected = signatures.map((one) => one.text).join(' or ');
  return errors.type_mismatch({ what: `${name}()`, expected, actual: values.map(kindOf).join(', ') }, at(span));
}

function compileOptional(node: Node<'optional'>): Evaluator {
  const target = compileNode(node.target);
  const arg = node.arg ? compileNode(node.arg) : () => null;
  const { verb, span } = node;
  return (runtime) => {
    const value = target(runtime);
    runtime.span = span;
    if (!(value instanceof Optional)) {
      throw errors.type_mismatch({ what: `${verb}()`, expected: 'an optional', actual: kindOf(value) }, at(span));
    }
    if (verb === 'hasValue') return value.present;
    if (value.present) return verb === 'or' ? value : value.value;
    if (verb === 'value') throw errors.absent({}, at(span));
    const other = arg(runtime);
    return verb === 'or' && !(other instanceof Optional) ? new Optional(other) : other;
  };
}

function compileMacro(node: Node<'macro'>): Evaluator {
  const target = compileNode(node.target);
  const body = compileNode(node.body);
  const filter = node.filter && compileNode(node.filter);
  const { slot, span } = node;
  const cost = 1 + weight(node.body) + (node.filter ? weight(node.filter) : 0);
  const run = macros[node.macro];
  return (runtime) => {
    const items = elementsOf(target(runtime), node.macro, runtime, span);
    const enclosing = runtime.slots[slot];
    const evaluateBody = (item: unknown, part: Evaluator): unknown => {
      runtime.slots[slot] = admit(item ?? null, runtime);
      return part(runtime);
    };
    const test = (item: unknown, part: Evaluator, where: Span): boolean =>
      condition(evaluateBody(item, part), `${node.macro}()`, where);
    try {
      return run(items, {
        runtime,
        span,
        enter: () => {
          runtime.span = span;
          runtime.charge(cost);
        },
        evaluate: (item) => evaluateBody(item, body),
        test: (item) => test(item, body, node.body.span),
        keep: (item) => filter === undefined || test(item, filter, span),
      });
    } finally {
      runtime.slots[slot] = enclosing;
    }
  };
}

function compileMap(node: Node<'map'>): Evaluator {
  const entries = node.entries.map(([key, value]) => [compileNode(key), compileNode(value), key.span] as const);
  return (runtime) => {
    const result: Record<string, unknown> = {};
    for (const [key, value, span] of entries) {
      const name = key(runtime);
      if (typeof name !== 'string') {
        throw errors.type_mismatch({ what: 'A map key', expected: 'text', actual: kindOf(name) }, at(span));
      }
      setOwn(result, name, value(runtime));
    }
    return result;
  };
}

function compileIndex(node: Node<'index'>): Evaluator {
  const target = compileNode(node.target);
  const index = compileNode(node.index);
  const read = node.optional ? readOptional : readIndex;
  return (runtime) => read(target(runtime), index(runtime), runtime, node.span);
}

function compileBinary(node: Node<'binary'>): Evaluator {
  const left = compileNode(node.left);
  const right = compileNode(node.right);
  const operator = operators[node.op];
  return (runtime) => {
    const first = left(runtime);
    const second = right(runtime);
    runtime.span = node.span;
    return operator(first, second, runtime);
  };
}

const compilers: Compilers = {
  literal:
    ({ value }) =>
    () =>
      value,
  name:
    ({ name, span }) =>
    (runtime) =>
      readName(name, runtime, span),
  variable:
    ({ slot }) =>
    (runtime) =>
      runtime.slots[slot],
  field: ({ target, name, optional, nameSpan }) => {
    const inner = compileNode(target);
    const read = optional ? readOptional : readField;
    return (runtime) => read(inner(runtime), name, runtime, nameSpan);
  },
  index: compileIndex,
  call: compileCall,
  has: compileHas,
  coalesce: compileCoalesce,
  optional: compileOptional,
  macro: compileMacro,
  list: ({ items }) => {
    const parts = items.map(compileNode);
    return (runtime) => parts.map((part) => part(runtime));
  },
  map: compileMap,
  conditional: (node) => {
    const [test, whenTrue, otherwise] = [node.condition, node.whenTrue, node.otherwise].map(compileNode) as [
      Evaluator,
      Evaluator,
      Evaluator,
    ];
    return (runtime) => (condition(test(runtime), 'A condition', node.condition.span) ? whenTrue : otherwise)(runtime);
  },
  logic: compileLogic,
  not: ({ operand, span }) => {
    const inner = compileNode(operand);
    return (runtime) => !condition(inner(runtime), '"!"', span);
  },
  negate: ({ operand, span }) => {
    const inner = compileNode(operand);
    return (runtime) => {
      const value = inner(runtime);
      if (typeof value === 'number') return 0 - value;
      throw errors.type_mismatch({ what: '"-"', expected: 'a number', actual: kindOf(value) }, at(span));
    };
  },
  binary: compileBinary,
  invalid: ({ span }) => {
    throw errors.evaluation_failed({ reason: 'it was compiled in spite of its problems' }, at(span));
  },
};

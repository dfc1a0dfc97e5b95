import type { CounterpointError } from '@counterpoint/core';
import { isCounterpointError, nearest } from '@counterpoint/core';
import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import type { BinaryOperator, Expression, MacroName, OptionalVerb } from './ast.ts';
import { errors } from './errors.ts';
import { acceptsCount, functionNamed, functionNames, isNamespace } from './function-table.ts';
import { at, didYouMean, type Span } from './source.ts';
import { exactNumber } from './values.ts';

/** The longest source of one expression, in UTF-16 units. */
const MAX_SOURCE = 10_000;
const MAX_NODES = 2_000;
const MAX_DEPTH = 200;

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: MAX_NODES, maxDepth: 100, maxListElements: 1_000, maxMapEntries: 500, maxCallArguments: 32 },
});

const OPTIONAL_VERBS: Readonly<Record<OptionalVerb, number>> = { orValue: 1, or: 1, hasValue: 0, value: 0 };
const MACROS: ReadonlySet<string> = new Set<MacroName>([
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
  'sort_by',
  'group_by',
  'min_by',
  'max_by',
]);
const KEYED_MACROS: ReadonlySet<string> = new Set<MacroName>(['sort_by', 'group_by', 'min_by', 'max_by']);
const SPECIAL = ['has', 'coalesce', ...MACROS, ...Object.keys(OPTIONAL_VERBS)];

/** Told of every problem found while reading an expression; may throw to stop at the first. */
export type Report = (problem: CounterpointError) => void;

/**
 * Reads CEL into our tree: the library parses, and this resolves functions, macros and variables.
 * Reports expressions.syntax, expressions.too_complex, and what cannot be called.
 */
export function parseExpression(source: string, report: Report): Expression {
  const whole: Span = { source, offset: 0, length: source.length };
  const invalid: Expression = { kind: 'invalid', span: whole, parts: [] };
  if (source.length > MAX_SOURCE) {
    report(errors.too_complex({ reason: `it has more than ${MAX_SOURCE} characters` }, at(whole)));
    return invalid;
  }
  try {
    return new Converter(source, report).convert(environment.parse(source).ast, new Map(), 0);
  } catch (error) {
    report(isCounterpointError(error) ? error : parseProblem(error, source));
    return invalid;
  }
}

function parseProblem(error: unknown, source: string): CounterpointError {
  if (error instanceof ParseError) {
    const { start = 0, end = start } = error.range ?? {};
    const where = at({ source, offset: start, length: Math.max(1, end - start) });
    if (error.code === 'limit_exceeded') return errors.too_complex({ reason: error.summary }, where);
    return errors.syntax({ reason: error.summary.replace(/\.$/, '') }, where);
  }
  if (error instanceof RangeError) {
    return errors.too_complex({ reason: 'it nests too deeply' }, at({ source, offset: 0, length: source.length }));
  }
  throw error;
}

/** Names of the enclosing macros' variables and their slots. */
type Variables = ReadonlyMap<string, number>;

class Converter {
  readonly #source: string;
  readonly #report: Report;

  constructor(source: string, report: Report) {
    this.#source = source;
    this.#report = report;
  }

  convert(node: ASTNode, variables: Variables, depth: number): Expression {
    const span: Span = { source: this.#source, offset: node.start, length: node.end - node.start };
    if (depth > MAX_DEPTH) throw new RangeError('depth');
    const inner = (part: ASTNode): Expression => this.convert(part, variables, depth + 1);
    switch (node.op) {
      case 'value':
        return this.#literal(node.args, span);
      case 'id': {
        const slot = variables.get(node.args);
        if (slot !== undefined) return { kind: 'variable', span, name: node.args, slot };
        return { kind: 'name', span, name: node.args };
      }
      case '.':
      case '.?': {
        const [target, name] = node.args;
        const nameSpan = { source: this.#source, offset: node.pos, length: name.length };
        return { kind: 'field', span, target: inner(target), name, optional: node.op === '.?', nameSpan };
      }
      case '[]':
      case '[?]':
        return {
          kind: 'index',
          span,
          target: inner(node.args[0]),
          index: inner(node.args[1]),
          optional: node.op === '[?]',
        };
      case 'call':
        return this.#globalCall(node.args[0], node.args[1], span, variables, depth);
      case 'rcall':
        return this.#methodCall(node.args[0], node.args[1], node.args[2], span, variables, depth);
      case 'list':
        return { kind: 'list', span, items: node.args.map(inner) };
      case 'map':
        return { kind: 'map', span, entries: node.args.map(([key, value]) => [inner(key), inner(value)] as const) };
      case '?:': {
        const [condition, whenTrue, otherwise] = node.args;
        return {
          kind: 'conditional',
          span,
          condition: inner(condition),
          whenTrue: inner(whenTrue),
          otherwise: inner(otherwise),
        };
      }
      case '&&':
      case '||':
        return { kind: 'logic', span, op: node.op, left: inner(node.args[0]), right: inner(node.args[1]) };
      case '!_':
        return { kind: 'not', span, operand: inner(node.args) };
      case '-_':
        return { kind: 'negate', span, operand: inner(node.args) };
      default:
        return {
          kind: 'binary',
          span,
          op: node.op satisfies BinaryOperator,
          left: inner(node.args[0]),
          right: inner(node.args[1]),
        };
    }
  }

  #literal(value: Extract<ASTNode, { op: 'value' }>['args'], span: Span): Expression {
    if (value === null) return { kind: 'literal', span, value, type: 'null' };
    if (typeof value === 'boolean') return { kind: 'literal', span, value, type: 'bool' };
    if (typeof value === 'string') return { kind: 'literal', span, value, type: 'string' };
    if (typeof value === 'number') return { kind: 'literal', span, value, type: 'double' };
    if (value instanceof Uint8Array)
      return this.#refuse(errors.unsupported({ feature: 'A bytes literal' }, at(span)), span);
    const exact = typeof value === 'bigint' ? value : value.value;
    return { kind: 'literal', span, value: exactNumber(exact, at(span)), type: 'int' };
  }

  #refuse(problem: CounterpointError, span: Span, parts: readonly Expression[] = []): Expression {
    this.#report(problem);
    return { kind: 'invalid', span, parts };
  }

  #globalCall(name: string, args: readonly ASTNode[], span: Span, variables: Variables, depth: number): Expression {
    const [first, ...rest] = args;
    if (first && KEYED_MACROS.has(name)) return this.#macro(name as MacroName, first, rest, span, variables, depth);
    const parts = args.map((arg) => this.convert(arg, variables, depth + 1));
    const [target] = parts;
    if (name === 'has' && target) return this.#has(parts, target, span);
    if (name === 'coalesce' && target) return { kind: 'coalesce', span, args: parts };
    return this.#call(name, parts, span, false);
  }

  #has(args: readonly Expression[], target: Expression, span: Span): Expression {
    if (args.length === 1 && (target.kind === 'field' || target.kind === 'index')) return { kind: 'has', span, target };
    const problem = errors.wrong_arguments(
      { name: 'has', count: args.length, expected: 'has(path.to.field)' },
      at(span),
    );
    return this.#refuse(problem, span, args);
  }

  #methodCall(
    name: string,
    receiver: ASTNode,
    args: readonly ASTNode[],
    span: Span,
    variables: Variables,
    depth: number,
  ): Expression {
    if (receiver.op === 'id' && isNamespace(receiver.args) && !variables.has(receiver.args)) {
      const parts = args.map((arg) => this.convert(arg, variables, depth + 1));
      return this.#call(`${receiver.args}.${name}`, parts, span, false);
    }
    if (MACROS.has(name) && args.length >= 2) {
      return this.#macro(name as MacroName, receiver, args, span, variables, depth);
    }
    const target = this.convert(receiver, variables, depth + 1);
    const parts = args.map((arg) => this.convert(arg, variables, depth + 1));
    if (Object.hasOwn(OPTIONAL_VERBS, name) && parts.length === OPTIONAL_VERBS[name as OptionalVerb]) {
      const verb = name as OptionalVerb;
      const [arg] = parts;
      return arg ? { kind: 'optional', span, verb, target, arg } : { kind: 'optional', span, verb, target };
    }
    if (name === 'coalesce') return { kind: 'coalesce', span, args: [target, ...parts] };
    return this.#call(name, [target, ...parts], span, true);
  }

  #macro(
    macro: MacroName,
    receiver: ASTNode,
    args: readonly ASTNode[],
    span: Span,
    variables: Variables,
    depth: number,
  ): Expression {
    const target = this.convert(receiver, variables, depth + 1);
    const [variable, first, second] = args;
    const expected = `${macro}(list, variable, expression)`;
    if (!variable || !first || args.length > (macro === 'map' ? 3 : 2)) {
      return this.#refuse(errors.wrong_arguments({ name: macro, count: args.length, expected }, at(span)), span, [
        target,
      ]);
    }
    if (variable.op !== 'id') {
      const where = at({ source: this.#source, offset: variable.start, length: variable.end - variable.start });
      return this.#refuse(errors.syntax({ reason: `the first argument of ${macro} names a variable` }, where), span, [
        target,
      ]);
    }
    const slot = Math.max(-1, ...variables.values()) + 1;
    const within = new Map(variables).set(variable.args, slot);
    const body = this.convert(second ?? first, within, depth + 1);
    const node = { kind: 'macro', span, macro, target, variable: variable.args, slot, body } as const;
    return second ? { ...node, filter: this.convert(first, within, depth + 1) } : node;
  }

  #call(name: string, args: readonly Expression[], span: Span, method: boolean): Expression {
    const fn = functionNamed(name);
    if (name === 'matches') {
      return this.#refuse(errors.matches_refused({}, at(span, matchesSuggestion(args))), span, args);
    }
    if (!fn || (method && !fn.method)) {
      const near = nearest(name, [...functionNames(), ...SPECIAL]);
      return this.#refuse(errors.unknown_function({ name, hint: didYouMean(near) }, at(span, near)), span, args);
    }
    if (!acceptsCount(fn, args.length)) {
      const expected = fn.signatures.join(' or ');
      return this.#refuse(errors.wrong_arguments({ name, count: args.length, expected }, at(span)), span, args);
    }
    return { kind: 'call', span, fn, args };
  }
}

function matchesSuggestion(args: readonly Expression[]): string {
  const text = (node: Expression | undefined): string | undefined =>
    node?.span.source.slice(node.span.offset, node.span.offset + node.span.length);
  return `rx(${text(args[0]) ?? 'text'}, ${text(args[1]) ?? 'pattern'})`;
}

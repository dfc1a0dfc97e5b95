import type { FunctionSpec } from './functions/spec.ts';
import type { Span } from './source.ts';

/** Operators with two operands that are both evaluated. */
export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | 'in';

/** Loops over a list (or the keys of a map) with a variable and a body. */
export type MacroName =
  | 'all'
  | 'exists'
  | 'exists_one'
  | 'map'
  | 'filter'
  | 'sort_by'
  | 'group_by'
  | 'min_by'
  | 'max_by';

/** What an optional value can be asked. */
export type OptionalVerb = 'orValue' | 'or' | 'hasValue' | 'value';

interface Nodes {
  literal: {
    readonly value: null | boolean | number | string;
    readonly type: 'null' | 'bool' | 'int' | 'double' | 'string';
  };
  /** A name of the scope. */
  name: { readonly name: string };
  /** The variable of an enclosing macro. */
  variable: { readonly name: string; readonly slot: number };
  field: { readonly target: Expression; readonly name: string; readonly optional: boolean; readonly nameSpan: Span };
  index: { readonly target: Expression; readonly index: Expression; readonly optional: boolean };
  call: { readonly fn: FunctionSpec; readonly args: readonly Expression[] };
  has: { readonly target: Expression };
  coalesce: { readonly args: readonly Expression[] };
  optional: { readonly verb: OptionalVerb; readonly target: Expression; readonly arg?: Expression };
  macro: {
    readonly macro: MacroName;
    readonly target: Expression;
    readonly variable: string;
    readonly slot: number;
    readonly filter?: Expression;
    readonly body: Expression;
  };
  list: { readonly items: readonly Expression[] };
  map: { readonly entries: readonly (readonly [Expression, Expression])[] };
  conditional: { readonly condition: Expression; readonly whenTrue: Expression; readonly otherwise: Expression };
  logic: { readonly op: '&&' | '||'; readonly left: Expression; readonly right: Expression };
  not: { readonly operand: Expression };
  negate: { readonly operand: Expression };
  binary: { readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression };
  /** What could not be understood; the problem has been reported. */
  invalid: { readonly parts: readonly Expression[] };
}

/** The kinds of syntax nodes. */
export type NodeKind = keyof Nodes;

/** A node of one kind. */
export type Node<Kind extends NodeKind> = { readonly kind: Kind; readonly span: Span } & Nodes[Kind];

/** A parsed expression: our own tree, so that nothing but the parser knows the library. */
export type Expression = { [Kind in NodeKind]: Node<Kind> }[NodeKind];

/** The direct parts of a node, in the order of the source. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'field':
    case 'has':
      return [node.target];
    case 'index':
      return [node.target, node.index];
    case 'call':
    case 'coalesce':
      return node.args;
    case 'optional':
      return node.arg ? [node.target, node.arg] : [node.target];
    case 'macro':
      return node.filter ? [node.target, node.filter, node.body] : [node.target, node.body];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flat();
    case 'conditional':
      return [node.condition, node.whenTrue, node.otherwise];
    case 'logic':
    case 'binary':
      return [node.left, node.right];
    case 'not':
    case 'negate':
      return [node.operand];
    case 'invalid':
      return node.parts;
    default:
      return [];
  }
}

/** The path of a chain of plain names from a root (`a.b["c"]` gives a, b, c), or undefined for anything else. */
export function pathOf(node: Expression): readonly string[] | undefined {
  if (node.kind === 'name') return [node.name];
  if (node.kind === 'field') {
    const path = pathOf(node.target);
    return path && [...path, node.name];
  }
  if (node.kind === 'index' && node.index.kind === 'literal' && typeof node.index.value === 'string') {
    const path = pathOf(node.target);
    return path && [...path, node.index.value];
  }
  return undefined;
}

/** The longest member paths that an expression reads from its scope, without duplicates, in order of appearance. */
export function readsOf(root: Expression): readonly string[][] {
  const found = new Map<string, string[]>();
  const visit = (node: Expression): void => {
    const path = pathOf(node);
    if (path) found.set(JSON.stringify(path), [...path]);
    else for (const part of partsOf(node)) visit(part);
  };
  visit(root);
  return [...found.values()];
}

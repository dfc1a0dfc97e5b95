import { type Expression, partsOf, pathOf, readsOf } from './ast.ts';
import { type CompiledExpression, compiledFrom } from './expression.ts';
import { parseExpression } from './syntax.ts';

/** That an expression can only hold when the value at `path` of a name equals that of `other`. */
export interface Equality {
  /** Below the name: `['ticket', 'id']` for `candidate.ticket.id`. */
  readonly path: readonly string[];
  readonly other: CompiledExpression;
}

const known = new Map<string, readonly Equality[]>();
const CACHE_SIZE = 1_000;

/**
 * The equalities about the name `root` that must each hold when `source` holds, where the other side neither reads
 * `root` nor calls `now()` or `lookup()`: `candidate.id == steps.open.id && candidate.score > 5` gives one. Empty when there are none.
 *
 * @throws what compiling `source` throws
 */
export function equalitiesOf(source: string, root: string): readonly Equality[] {
  const name = `${root} ${source}`;
  const found = known.get(name);
  if (found) return found;
  const tree = parseExpression(source, (problem) => {
    throw problem;
  });
  const equalities = conjuncts(tree).flatMap((part) => equality(part, root) ?? []);
  if (known.size >= CACHE_SIZE) known.delete(known.keys().next().value as string);
  known.set(name, equalities);
  return equalities;
}

function conjuncts(node: Expression): readonly Expression[] {
  return node.kind === 'logic' && node.op === '&&' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}

function equality(node: Expression, root: string): Equality | undefined {
  if (node.kind !== 'binary' || node.op !== '==') return undefined;
  return sided(node.left, node.right, root) ?? sided(node.right, node.left, root);
}

function sided(side: Expression, other: Expression, root: string): Equality | undefined {
  const path = plainPath(side);
  if (path?.[0] !== root || path.length < 2 || readsOf(other).some(([name]) => name === root)) return undefined;
  if (asksHost(other)) return undefined;
  return { path: path.slice(1), other: compiledFrom(other, other.span.source) };
}

/** Whether the value depends on more than the scope. */
function asksHost(node: Expression): boolean {
  if (node.kind === 'call' && (node.fn.name === 'now' || node.fn.name === 'lookup')) return true;
  return partsOf(node).some(asksHost);
}

/** The path of a chain of fields that must all be there. */
function plainPath(node: Expression): readonly string[] | undefined {
  for (let at = node; at.kind === 'field' || at.kind === 'index'; at = at.target) if (at.optional) return undefined;
  return pathOf(node);
}

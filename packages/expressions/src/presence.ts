import type { Expression } from './ast.ts';

/** Paths (as keys) that are known to be there. */
export type Presence = ReadonlySet<string>;

const NONE: Presence = new Set();

function pathWithVariables(node: Expression): readonly string[] | undefined {
  switch (node.kind) {
    case 'name':
      return [node.name];
    case 'variable':
      return [`#${node.slot}`];
    case 'field': {
      const path = pathWithVariables(node.target);
      return path && [...path, node.name];
    }
    case 'index': {
      const key = node.index.kind === 'literal' ? node.index.value : undefined;
      const path = typeof key === 'string' || typeof key === 'number' ? pathWithVariables(node.target) : undefined;
      return path && [...path, String(key)];
    }
    default:
      return undefined;
  }
}

/** The key under which the presence of a member path is remembered; undefined for what is not a path. */
export function presenceKey(node: Expression): string | undefined {
  const path = pathWithVariables(node);
  return path && JSON.stringify(path);
}

function withPrefixes(node: Expression): Presence {
  const path = pathWithVariables(node) ?? [];
  return new Set(path.map((_, index) => JSON.stringify(path.slice(0, index + 1))));
}

/** What is in either. */
export function union(a: Presence, b: Presence): Presence {
  if (b.size === 0) return a;
  return a.size === 0 ? b : new Set([...a, ...b]);
}

/** What is known to be there when `condition` came out as `truth`: `has(a.b) && …`, `!has(a.b) || …`. */
export function presentWhen(condition: Expression, truth: boolean): Presence {
  switch (condition.kind) {
    case 'has':
      return truth ? withPrefixes(condition.target) : NONE;
    case 'optional':
      return truth && condition.verb === 'hasValue' ? withPrefixes(condition.target) : NONE;
    case 'not':
      return presentWhen(condition.operand, !truth);
    case 'logic':
      if (truth !== (condition.op === '&&')) return NONE;
      return union(presentWhen(condition.left, truth), presentWhen(condition.right, truth));
    default:
      return NONE;
  }
}

import type { TraceNode } from '@counterpoint/contracts';

/** One line of the tree as it is shown. */
export interface Line {
  readonly node: TraceNode;
  /** 0 for roots. */
  readonly depth: number;
  /** For each level above, whether its line goes on below this one. */
  readonly rails: readonly boolean[];
  readonly last: boolean;
  readonly position: number;
  readonly siblings: number;
  readonly open: boolean;
  /** Whether something stands below it that can be opened. */
  readonly branches: boolean;
  /** When its tree begins (Unix ms). */
  readonly start: number;
}

/** The kinds that are left out until somebody asks for them: true, but rarely what one looks for. */
export const QUIET_KINDS: readonly string[] = ['claim', 'decision', 'entry'];

/** The trees without some kinds; what stands below a node that is left out moves up to the nearest one that is shown. */
export function without(
  nodes: readonly TraceNode[],
  hidden: ReadonlySet<string>,
  keep: (node: TraceNode) => boolean = () => false,
): TraceNode[] {
  return nodes.flatMap((node) => {
    const children = without(node.children, hidden, keep);
    return hidden.has(node.kind) && !keep(node) ? children : [{ ...node, children }];
  });
}

/** Every node of some trees, each before what is below it. */
export function* everyNode(nodes: readonly TraceNode[]): Generator<TraceNode> {
  for (const node of nodes) {
    yield node;
    yield* everyNode(node.children);
  }
}

/** Kinds whose nodes say of themselves whether they are simulated. */
const TELLING: ReadonlySet<string> = new Set(['raw', 'alert', 'run', 'reaction', 'effect', 'case']);

/** Whether some of what happened was simulated, and some was not. */
export function isMixed(roots: readonly TraceNode[]): boolean {
  const told = [...everyNode(roots)].filter(({ kind }) => TELLING.has(kind)).map(({ simulated }) => simulated);
  return told.includes(true) && told.includes(false);
}

/** How many nodes there are of each kind, in the order in which the kinds come up. */
export function countKinds(nodes: readonly TraceNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of everyNode(nodes)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The references from a root to the node of this reference, itself the last; empty when it is not there. */
export function wayTo(nodes: readonly TraceNode[], ref: string): readonly string[] {
  for (const node of nodes) {
    if (node.ref === ref) return [ref];
    const below = wayTo(node.children, ref);
    if (below.length > 0) return [node.ref, ...below];
  }
  return [];
}

const ALL_OPEN = 150;
const DEEP = 3;

/**
 * The nodes that are closed at first: none of a small story; of a large one what lies deep, but for the way to the node
 * that was asked for, and that node.
 */
export function closedAtFirst(roots: readonly TraceNode[], asked: string): ReadonlySet<string> {
  const closed = new Set<string>();
  const all = [...everyNode(roots)];
  if (all.length <= ALL_OPEN) return closed;
  const way = new Set(wayTo(roots, asked));
  const visit = (nodes: readonly TraceNode[], depth: number): void => {
    for (const node of nodes) {
      if (depth >= DEEP && node.children.length > 0 && !way.has(node.ref)) closed.add(node.ref);
      visit(node.children, depth + 1);
    }
  };
  visit(roots, 0);
  return closed;
}

/** The lines of the trees with what is closed folded away. */
export function linesOf(roots: readonly TraceNode[], closed: ReadonlySet<string>): readonly Line[] {
  const lines: Line[] = [];
  const visit = (nodes: readonly TraceNode[], rails: readonly boolean[], start: number | undefined): void => {
    for (const [index, node] of nodes.entries()) {
      const last = index === nodes.length - 1;
      const branches = node.children.length > 0;
      const open = branches && !closed.has(node.ref);
      const began = start ?? node.at;
      const place = { position: index + 1, siblings: nodes.length, last, rails, depth: rails.length };
      lines.push({ node, ...place, open, branches, start: began });
      if (open) visit(node.children, [...rails, !last], began);
    }
  };
  visit(roots, [], undefined);
  return lines;
}

/** The line above that a line hangs under; undefined for roots. */
export function lineAbove(lines: readonly Line[], index: number): number | undefined {
  const depth = lines[index]?.depth ?? 0;
  if (depth === 0) return undefined;
  for (let at = index - 1; at >= 0; at--) if (lines[at]?.depth === depth - 1) return at;
  return undefined;
}

/** What a key of the arrow block does on a line of a tree (ARIA practices): where the cursor goes, or what opens or closes. */
export type TreeMove = { readonly to: number } | { readonly open: string } | { readonly close: string } | undefined;

/** Reads a key on the line at `index`. */
export function moveOf(lines: readonly Line[], index: number, key: string): TreeMove {
  const line = lines[index];
  const end = lines.length - 1;
  const to = (at: number): TreeMove => ({ to: Math.max(0, Math.min(end, at)) });
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return to(index + 1);
    case 'ArrowUp':
    case 'k':
      return to(index - 1);
    case 'Home':
      return to(0);
    case 'End':
      return to(end);
    case 'ArrowRight':
      if (!line?.branches) return undefined;
      return line.open ? to(index + 1) : { open: line.node.ref };
    case 'ArrowLeft': {
      if (line?.open) return { close: line.node.ref };
      const above = lineAbove(lines, index);
      return above === undefined ? undefined : { to: above };
    }
    default:
      return undefined;
  }
}

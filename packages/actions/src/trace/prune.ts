import type { TraceNode } from '@counterpoint/contracts';
import { walk } from './build-trace.ts';

/** How many nodes a tree has. */
export function countNodes(roots: readonly TraceNode[]): number {
  let count = 0;
  for (const root of roots) for (const _node of walk(root)) count++;
  return count;
}

/** The nodes on the way from a root to the node of this reference, itself the last; empty when it is not there. */
function wayTo(nodes: readonly TraceNode[], ref: string): readonly TraceNode[] {
  for (const node of nodes) {
    if (node.ref === ref) return [node];
    const rest = wayTo(node.children, ref);
    if (rest.length > 0) return [node, ...rest];
  }
  return [];
}

/** Takes nodes level by level until there are `room` of them. */
function takeLevels(starts: readonly TraceNode[], kept: Set<TraceNode>, room: number): void {
  for (let level = starts; level.length > 0 && kept.size < room; level = level.flatMap((node) => node.children)) {
    for (const node of level) if (kept.size < room) kept.add(node);
  }
}

/** The tree with only these nodes; each says how many were left out below it. */
function only(nodes: readonly TraceNode[], kept: ReadonlySet<TraceNode>): TraceNode[] {
  return nodes
    .filter((node) => kept.has(node))
    .map((node) => {
      const children = only(node.children, kept);
      const lost = node.children.filter((child) => !kept.has(child));
      return { ...node, children, more: countNodes(lost) };
    });
}

/**
 * At most `limit` nodes of a tree: what leads to the node of `asked` and that node first, then what it brought about, then
 * everything else from the roots down, level by level. What is left out is counted on the node above it.
 */
export function prune(roots: readonly TraceNode[], limit: number, asked: string): readonly TraceNode[] {
  if (countNodes(roots) <= limit) return roots;
  const kept = new Set<TraceNode>();
  const way = wayTo(roots, asked);
  for (const node of way) kept.add(node);
  const wanted = way.at(-1);
  // Half of the room is for what came of it, so that what else happened is not lost from sight.
  if (wanted) takeLevels([wanted], kept, Math.max(way.length, limit / 2));
  takeLevels(roots, kept, limit);
  return only(roots, kept);
}

import type { TraceNode } from '@counterpoint/contracts';
import pc from 'picocolors';
import { clockTime, colourStatus, renderTree, safe, type TreeNode } from './terminal.ts';

function firstTime(nodes: readonly TraceNode[]): number {
  return Math.min(...nodes.map((node) => node.at));
}

function toTree(node: TraceNode, start: number): TreeNode {
  const offset = `+${((node.at - start) / 1000).toFixed(3)} s`;
  const parts = [
    pc.dim(offset.padStart(10)),
    pc.cyan(node.kind.padEnd(8)),
    safe(node.title),
    node.status === '' ? '' : colourStatus(node.status),
    node.simulated ? pc.magenta('simulated') : '',
  ];
  return {
    label: parts.filter((part) => part !== '').join('  '),
    children: node.children.map((child) => toTree(child, start)),
  };
}

/** The lines of a trace: a tree from the first cause to every effect, with times since the first. */
export function renderTrace(trace: string, roots: readonly TraceNode[]): string[] {
  if (roots.length === 0) return [pc.dim('Nothing is recorded under this trace.')];
  const start = firstTime(roots);
  return [
    `${pc.bold('trace')} ${trace}  ${pc.dim(`began ${clockTime(start)}`)}`,
    ...renderTree(roots.map((root) => toTree(root, start))),
  ];
}

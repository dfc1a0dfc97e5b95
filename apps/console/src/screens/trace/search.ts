import type { TraceNode } from '@counterpoint/contracts';
import { refang } from '../../ui/untrusted-text.ts';
import { statusOf } from './node-looks.ts';
import { resultOf } from './result.ts';
import { everyNode } from './tree.ts';

/** Which items of loops a step worked on, as people count: `item 8`, `item 2.3` in a loop within a loop; empty: it is in none. */
export function itemOf(ref: string): string {
  const rounds = [...ref.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index) + 1);
  return rounds.length === 0 ? '' : `item ${rounds.join('.')}`;
}

/** What the line of a node says, in small letters. */
function lineOf(node: TraceNode): string {
  const { words, because, title, ref } = node;
  return [words, because, title, statusOf(node)?.word, resultOf(node), itemOf(ref), ref].join(' ').toLowerCase();
}

/** The words that are looked for; defanged ones as they were meant. */
export function wordsOf(text: string): readonly string[] {
  return refang(text)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** What was found in some trees: the lines that say every word, and what leads to them. */
export interface Found {
  readonly roots: readonly TraceNode[];
  readonly count: number;
}

/** Finds the nodes whose line says every one of these words; what is below one stays only where it says them too. */
export function findIn(roots: readonly TraceNode[], words: readonly string[]): Found {
  const hits = new Set<TraceNode>();
  for (const node of everyNode(roots)) {
    const line = lineOf(node);
    if (words.every((word) => line.includes(word))) hits.add(node);
  }
  return { roots: leadingTo(roots, hits), count: hits.size };
}

function leadingTo(nodes: readonly TraceNode[], hits: ReadonlySet<TraceNode>): TraceNode[] {
  return nodes.flatMap((node) => {
    const children = leadingTo(node.children, hits);
    return hits.has(node) || children.length > 0 ? [{ ...node, children }] : [];
  });
}

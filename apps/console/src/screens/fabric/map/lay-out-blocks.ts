import { searchTextOf } from './filter-graph.ts';
import type { MapNode } from './map-graph.ts';
import { NODE, type Places, ROW } from './spot.ts';

const COLUMN = NODE.width + 24;
const BETWEEN_BLOCKS = 260;
/** How much wider than high the whole is at most: about as a screen. */
const SHAPE = 1.75;

type Block = readonly MapNode[];

/** By site, where there is one, then by name. */
function inOrder(nodes: readonly MapNode[]): Block {
  const key = (node: MapNode) => `${node.kind === 'participant' ? node.of.site : node.kind}\u0000${searchTextOf(node)}`;
  return nodes.toSorted((a, b) => key(a).localeCompare(key(b), 'en', { numeric: true }));
}

/** The fewest rows with which the blocks, one beside the other, are no wider than a screen. */
function rowsFor(blocks: readonly Block[]): number {
  const widthWith = (rows: number) =>
    blocks.reduce((sum, { length }) => sum + Math.ceil(length / rows) * COLUMN, (blocks.length - 1) * BETWEEN_BLOCKS);
  let rows = 1;
  while (widthWith(rows) > SHAPE * rows * ROW && rows < Math.max(...blocks.map(({ length }) => length))) rows += 1;
  return rows;
}

/**
 * Lays out more than can be followed line by line: participants, topics, and what reacts each in a block of their own, from
 * left to right, in the order of their names.
 */
export function layOutBlocks(nodes: readonly MapNode[]): Places {
  const isTopic = ({ kind }: MapNode) => kind === 'topic' || kind === 'group';
  const blocks = [
    nodes.filter(({ kind }) => kind === 'participant'),
    nodes.filter(isTopic),
    nodes.filter((node) => node.kind !== 'participant' && !isTopic(node)),
  ]
    .filter(({ length }) => length > 0)
    .map(inOrder);
  const rows = rowsFor(blocks);
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  let left = 0;
  for (const block of blocks) {
    for (const [at, { id }] of block.entries()) {
      places.set(id, { x: left + Math.floor(at / rows) * COLUMN, y: (at % rows) * ROW });
    }
    left += Math.ceil(block.length / rows) * COLUMN + BETWEEN_BLOCKS;
  }
  return places;
}

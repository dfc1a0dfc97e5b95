import { graphlib, layout } from '@dagrejs/dagre';
import { isOverview } from './fold-topics.ts';
import { layOutBlocks } from './lay-out-blocks.ts';
import type { MapGraph, MapNode } from './map-graph.ts';
import { BETWEEN_ROWS, NODE, type Places, ROW, type Spot } from './spot.ts';

const BETWEEN_COLUMNS = 68;

/** Lays a graph out in columns from left to right: who publishes, the topics, who takes them; a large one in blocks. */
export function layOut(graph: MapGraph): Places {
  return isOverview(graph) ? layOutBlocks(graph.nodes) : layOutColumns(graph);
}

function layOutColumns({ nodes, edges }: MapGraph): Places {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: BETWEEN_ROWS, ranksep: BETWEEN_COLUMNS, ranker: 'tight-tree' });
  graph.setDefaultEdgeLabel(() => ({}));
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  for (const { id } of nodes) if (linked.has(id)) graph.setNode(id, { ...NODE });
  for (const { from, to } of edges) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  const places = new Map<string, Spot>();
  for (const id of linked) {
    const { x, y } = graph.node(id) as Spot;
    places.set(id, { x: Math.round(x - NODE.width / 2), y: Math.round(y - NODE.height / 2) });
  }
  return new Map([...places, ...inRows(nodes, linked, places)]);
}

/** Those without any connection stand in rows below the others. */
function inRows(nodes: readonly MapNode[], linked: ReadonlySet<string>, places: Places): Places {
  const spots = [...places.values()];
  const right = Math.max(NODE.width * 4, ...spots.map(({ x }) => x + NODE.width));
  const top = spots.length === 0 ? 0 : Math.max(...spots.map(({ y }) => y)) + ROW * 1.5;
  const each = NODE.width + BETWEEN_COLUMNS / 2;
  const columns = Math.max(1, Math.floor((right + BETWEEN_COLUMNS / 2) / each));
  const alone = nodes.filter(({ id }) => !linked.has(id));
  return new Map(
    alone.map(({ id }, index) => [id, { x: (index % columns) * each, y: top + Math.floor(index / columns) * ROW }]),
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** The free spot nearest to a wished one, in its column. */
function freeSpot(wish: Spot, taken: readonly Spot[]): Spot {
  const inTheWay = taken.filter(({ x }) => Math.abs(x - wish.x) < NODE.width + BETWEEN_ROWS);
  const isFree = (y: number) => inTheWay.every((one) => Math.abs(one.y - y) >= ROW);
  for (let step = 0; ; step += ROW / 2) {
    if (isFree(wish.y + step)) return { x: wish.x, y: wish.y + step };
    if (isFree(wish.y - step)) return { x: wish.x, y: wish.y - step };
  }
}

/**
 * Places a graph so that what was there before keeps its place: only what is new is put near to what it is connected
 * with, where there is room. Where hardly anything was there before, everything is laid out afresh.
 */
export function placeNodes(graph: MapGraph, before: Places): Places {
  const fresh = layOut(graph);
  const kept = graph.nodes.filter(({ id }) => before.has(id));
  if (kept.length * 2 < graph.nodes.length) return fresh;
  const places = new Map(kept.map(({ id }): [string, Spot] => [id, before.get(id) as Spot]));
  const moved = (id: string) => {
    const [old, now] = [before.get(id), fresh.get(id)];
    return old && now ? [{ x: old.x - now.x, y: old.y - now.y }] : [];
  };
  for (const { id } of graph.nodes) {
    if (places.has(id)) continue;
    const spot = fresh.get(id) as Spot;
    const linked = graph.edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
    const shifts = linked.flatMap(moved);
    const known = shifts.length > 0 ? shifts : kept.flatMap((one) => moved(one.id));
    const wish = {
      x: spot.x + median(known.map(({ x }) => x)),
      y: spot.y + median(known.map(({ y }) => y)),
    };
    places.set(id, freeSpot(wish, [...places.values()]));
  }
  return places;
}

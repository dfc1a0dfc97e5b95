import type { MapGraph } from './map-graph.ts';
import type { Places } from './spot.ts';

/** A direction of the arrow keys. */
export type Direction = 'left' | 'right' | 'up' | 'down';

const KEYS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The direction of a key; undefined for any other key. */
export function directionOf(key: string): Direction | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

function nearest(ids: readonly string[], places: Places, from: string): string | undefined {
  const here = places.get(from);
  if (!here) return undefined;
  const distance = (id: string) =>
    Math.abs((places.get(id)?.y ?? 0) - here.y) + Math.abs((places.get(id)?.x ?? 0) - here.x);
  return [...ids].sort((a, b) => distance(a) - distance(b))[0];
}

/**
 * The next node of a walk by keyboard: left to who gives events, right to who takes them, up and down within a column.
 * Without a node to start from: the first in reading order. Undefined at an end.
 */
export function walk(
  graph: MapGraph,
  places: Places,
  from: string | undefined,
  direction: Direction,
): string | undefined {
  const here = from === undefined ? undefined : places.get(from);
  if (from === undefined || !here) return inReadingOrder(graph, places)[0];
  if (direction === 'left')
    return nearest(
      graph.edges.flatMap((edge) => (edge.to === from ? [edge.from] : [])),
      places,
      from,
    );
  if (direction === 'right')
    return nearest(
      graph.edges.flatMap((edge) => (edge.from === from ? [edge.to] : [])),
      places,
      from,
    );
  const column = graph.nodes.flatMap(({ id }) => {
    const spot = places.get(id);
    const ahead = spot && (direction === 'up' ? spot.y < here.y : spot.y > here.y);
    return ahead && Math.abs(spot.x - here.x) < 100 ? [id] : [];
  });
  return nearest(column, places, from);
}

/** Nodes from left to right, and from top to bottom within a column. */
export function inReadingOrder({ nodes }: MapGraph, places: Places): readonly string[] {
  const spot = (id: string) => places.get(id) ?? { x: 0, y: 0 };
  return nodes.map(({ id }) => id).sort((a, b) => spot(a).x - spot(b).x || spot(a).y - spot(b).y);
}

import { useRef } from 'react';
import { filterGraph, type MapFilter } from './filter-graph.ts';
import { foldTopics, groupAlike } from './fold-topics.ts';
import type { MapGraph } from './map-graph.ts';
import { layOut, placeNodes } from './place-nodes.ts';
import type { Places } from './spot.ts';

/** What of the map is drawn, and where. */
export interface DrawnMap {
  readonly graph: MapGraph;
  readonly places: Places;
  /** Nodes that were not there when the same part of the map was drawn before. */
  readonly fresh: ReadonlySet<string>;
  /** Changes when another part of the map is drawn, so that the view has to be fitted. */
  readonly part: string;
}

interface Before extends DrawnMap {
  readonly structure: string;
}

function structureOf({ nodes, edges }: MapGraph): string {
  // Also what a group stands for: events find their way by it.
  const names = nodes.map((node) => (node.kind === 'group' ? node.of.topics.map(({ topic }) => topic) : node.id));
  return JSON.stringify([names, edges.map(({ id }) => id)]);
}

function next(graph: MapGraph, part: string, before: Before | undefined): Before {
  const structure = structureOf(graph);
  if (before?.part === part && before.structure === structure) return { ...before, graph };
  if (before?.part !== part) return { graph, places: layOut(graph), fresh: new Set(), part, structure };
  const places = placeNodes(graph, before.places);
  const fresh = new Set(graph.nodes.flatMap(({ id }) => (before.places.has(id) ? [] : [id])));
  return { graph, places, fresh, part, structure };
}

/**
 * Places the part of the map that a filter leaves. While the filter stays, nodes keep their places and new ones are added;
 * another filter, or another `round`, lays everything out afresh. With `fold` it is no more than can be looked at.
 */
export function useDrawnMap(whole: MapGraph, filter: MapFilter, round: number, fold: boolean): DrawnMap {
  const last = useRef<{ readonly whole: MapGraph; readonly part: string; readonly drawn: Before }>(undefined);
  const part = JSON.stringify([filter, round, fold]);
  if (last.current?.whole !== whole || last.current.part !== part) {
    const shown = filterGraph(whole, filter);
    last.current = {
      whole,
      part,
      drawn: next(fold ? foldTopics(shown) : groupAlike(shown), part, last.current?.drawn),
    };
  }
  return last.current.drawn;
}

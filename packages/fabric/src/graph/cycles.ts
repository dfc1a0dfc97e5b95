import { actorRef, type FabricActor, type FabricGraph, type Flow, isAbout, takersOf, topicsOf } from './graph.ts';

/** One step of a cycle: `from` gives an event of `topic`, which starts `to`. */
export interface Link {
  readonly from: FabricActor;
  readonly to: FabricActor;
  readonly topic: string;
  readonly gives: Flow;
  readonly takes: Flow;
}

/** Links in order; the last leads to where the first begins. */
export type Cycle = readonly Link[];

/** A cycle in words: `a.v1 -> reaction x -> b.v1 -> reaction y -> a.v1`. */
export function describeCycle(cycle: Cycle): string {
  const parts = cycle.flatMap(({ topic, to }) => [topic, `${to.kind} ${to.id}`]);
  return [...parts, cycle[0]?.topic ?? ''].join(' -> ');
}

type Links = ReadonlyMap<FabricActor, readonly Link[]>;

/** Which actors start which: by a topic, not by waiting for it. Between two actors the firmest link is kept. */
function linksOf(graph: FabricGraph): Links {
  const links = new Map<FabricActor, Link[]>(graph.actors.map((actor) => [actor, []]));
  for (const topic of topicsOf(graph)) {
    const takers = takersOf(graph, topic).flatMap(({ actor }) => {
      const takes = actor.takes.find((flow) => flow.kind !== 'wait' && isAbout(flow, topic));
      // What the server announces does not follow from what it takes.
      return takes && actor.kind !== 'server' ? [{ actor, takes }] : [];
    });
    for (const from of graph.actors) {
      for (const gives of from.gives.filter((flow) => isAbout(flow, topic))) {
        for (const { actor: to, takes } of takers) links.get(from)?.push({ from, to, topic, gives, takes });
      }
    }
  }
  // What is published on purpose counts more than what is announced by the way.
  for (const list of links.values()) list.sort((a, b) => firmness(b) - firmness(a));
  return links;
}

function firmness({ gives }: Link): number {
  return gives.kind === 'announce' ? 0 : 1;
}

/** Links by which an actor starts itself. Participants are left alone: what they take need not make them publish. */
export function selfLinks(graph: FabricGraph): readonly Link[] {
  return [...linksOf(graph)].flatMap(([actor, links]) =>
    actor.kind === 'participant' ? [] : links.filter(({ to }) => to === actor),
  );
}

const MOST = 100;

/**
 * Cycles over two or more actors, of which at least one is a reaction or playbook: for every actor on any, its shortest.
 * Conditions are not evaluated, so that a cycle may be one that never closes. At most 100.
 */
export function cyclesOf(graph: FabricGraph): readonly Cycle[] {
  const links = linksOf(graph);
  const found = new Map<string, Cycle>();
  for (const start of [...graph.actors].sort((a, b) => (actorRef(a) < actorRef(b) ? -1 : 1))) {
    if (start.kind !== 'reaction' && start.kind !== 'playbook') continue;
    const cycle = shortestFrom(start, links);
    if (!cycle) continue;
    const key = cycle
      .map(({ from }) => actorRef(from))
      .sort()
      .join(' ');
    if (!found.has(key)) found.set(key, cycle);
    if (found.size >= MOST) break;
  }
  return [...found.values()];
}

/** Breadth first, so that the first way back is the shortest. */
function shortestFrom(start: FabricActor, links: Links): Cycle | undefined {
  const cameBy = new Map<FabricActor, Link>();
  const queue: FabricActor[] = [start];
  for (const actor of queue) {
    for (const link of links.get(actor) ?? []) {
      if (link.to === actor) continue;
      if (link.to === start) return wayBack(start, link, cameBy);
      if (cameBy.has(link.to)) continue;
      cameBy.set(link.to, link);
      queue.push(link.to);
    }
  }
  return undefined;
}

function wayBack(start: FabricActor, last: Link, cameBy: ReadonlyMap<FabricActor, Link>): Cycle {
  const way: Link[] = [last];
  for (let link = last; link.from !== start; ) {
    link = cameBy.get(link.from) as Link;
    way.unshift(link);
  }
  return way;
}

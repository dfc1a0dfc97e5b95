import { topicMatches } from '@counterpoint/events';
import type { Plan, TopicDeclaration } from '@counterpoint/playbook';

/** Where something is written: 1-based line and column, and how many characters it spans. */
export interface Place {
  /** A file, or `reaction:<id>`, `playbook:<id>`, `participant:<id>` of what a server has. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * How an actor comes to a topic.
 * - takes: `subscribe` (a reaction, a participant), `trigger` (starts a playbook), `wait` (a step of a run waits for it).
 * - gives: `publish`, `on_error` (when it failed), `announce` (what an action or approval makes the server announce).
 */
export type FlowKind = 'subscribe' | 'trigger' | 'wait' | 'publish' | 'on_error' | 'announce';

/** That an actor takes events of a topic, or gives them. */
export interface Flow {
  /** A topic; a pattern where participants name one. */
  readonly topic: string;
  readonly kind: FlowKind;
  /** Whether a condition stands before it. */
  readonly conditional: boolean;
  /** What announces it, such as `case.open`; empty otherwise. */
  readonly by: string;
  readonly place: Place;
}

/** Whoever takes or gives events. */
export interface FabricActor {
  readonly kind: 'reaction' | 'playbook' | 'participant' | 'server';
  readonly id: string;
  readonly title: string;
  readonly takes: readonly Flow[];
  readonly gives: readonly Flow[];
  /** Of reactions and playbooks. */
  readonly plan: Plan | undefined;
  /** Where a part of its document stands, by the names of fields that lead to it. */
  placeOf(...path: readonly string[]): Place;
  /** Whether its document has that part. */
  says(...path: readonly string[]): boolean;
}

/** Who takes and gives what. */
export interface FabricGraph {
  readonly actors: readonly FabricActor[];
  /** Declared topics by name. */
  readonly topics: ReadonlyMap<string, TopicDeclaration>;
}

/** The reference of an actor, such as `reaction:block_url`. */
export function actorRef({ kind, id }: Pick<FabricActor, 'kind' | 'id'>): string {
  return kind === 'server' ? 'server' : `${kind}:${id}`;
}

/** Whether a topic of a flow is a pattern. */
export function isPattern(topic: string): boolean {
  return topic.split('.').some((word) => word === '*' || word === '>');
}

/** Whether a flow is about a topic. */
export function isAbout(flow: Pick<Flow, 'topic'>, topic: string): boolean {
  return flow.topic === topic || (isPattern(flow.topic) && topicMatches(flow.topic, topic));
}

/** Every topic that is declared, or that somebody names without wildcards; sorted. */
export function topicsOf({ actors, topics }: FabricGraph): readonly string[] {
  const named = actors.flatMap(({ takes, gives }) => [...takes, ...gives].map(({ topic }) => topic));
  return [...new Set([...topics.keys(), ...named.filter((topic) => !isPattern(topic))])].sort();
}

/** One end of a topic: who, and how. */
export interface End {
  readonly actor: FabricActor;
  readonly flow: Flow;
}

function endsOf(graph: FabricGraph, side: 'takes' | 'gives', topic: string): readonly End[] {
  return graph.actors.flatMap((actor) => {
    const flow = actor[side].find((one) => isAbout(one, topic));
    return flow ? [{ actor, flow }] : [];
  });
}

/** Who takes events of a topic, each once. */
export function takersOf(graph: FabricGraph, topic: string): readonly End[] {
  return endsOf(graph, 'takes', topic);
}

/** Who gives events of a topic, each once. */
export function giversOf(graph: FabricGraph, topic: string): readonly End[] {
  return endsOf(graph, 'gives', topic);
}

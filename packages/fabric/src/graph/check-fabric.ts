import { formatDuration, nearest } from '@counterpoint/core';
import { isForeignTopic } from '@counterpoint/events';
import type { ActionStep, EffectOf } from '@counterpoint/playbook';
import { type Cycle, cyclesOf, describeCycle, type Link, selfLinks } from './cycles.ts';
import { type FabricFindingName, type FabricFindingSpec, fabricFindingSpecs } from './finding-specs.ts';
import {
  type FabricActor,
  type FabricGraph,
  type Flow,
  giversOf,
  isPattern,
  type Place,
  takersOf,
  topicsOf,
} from './graph.ts';

/** One thing about how reactions, playbooks and participants fit together. */
export interface FabricFinding {
  /** Stable code, such as `fabric.cycle`. */
  readonly code: string;
  readonly severity: FabricFindingSpec['severity'];
  readonly message: string;
  readonly help: string;
  /** What to write instead, when that is known. */
  readonly suggestion: string | undefined;
  readonly place: Place;
}

type Params = Readonly<Record<string, string>>;

/** Makes a finding. */
export function fabricFinding(
  name: FabricFindingName,
  place: Place,
  params: Params,
  suggestion: string | undefined = undefined,
): FabricFinding {
  const { message, help, severity } = fabricFindingSpecs[name];
  const words = message.replace(/\{(\w+)\}/g, (hole, param: string) => params[param] ?? hole);
  return { code: `fabric.${name}`, severity, message: words, help, suggestion, place };
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

/**
 * Checks a graph: circles, topics that nobody publishes or takes, failures that nobody handles, reactions that start
 * themselves, forget too early, or act for anybody. Conditions are not evaluated. Errors come first, then by place.
 *
 * @param effectOf the effect class of an action step; what it does not know is not checked
 */
export function checkFabric(graph: FabricGraph, effectOf: EffectOf): readonly FabricFinding[] {
  const findings = [
    ...cyclesOf(graph).map(cycleFinding),
    ...selfLinks(graph).flatMap(selfFinding),
    ...orphans(graph),
    ...graph.actors.flatMap((actor) => reactionFindings(actor, effectOf)),
  ];
  return findings.sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      a.place.file.localeCompare(b.place.file) ||
      a.place.line - b.place.line ||
      a.code.localeCompare(b.code),
  );
}

function nameOf({ kind, id }: FabricActor): string {
  return kind === 'server' ? 'the server' : `The ${kind} ${id}`;
}

/** Whether its author has said how often a circle may go through it, or when. */
function isBounded({ to, takes }: Link): boolean {
  return to.kind === 'playbook' ? takes.conditional : to.says('limits', 'max_hops');
}

function cycleFinding(cycle: Cycle): FabricFinding {
  const first = cycle.at(-1) as Link;
  // Of a participant nobody here knows whether what it takes makes it publish.
  const firm = cycle.every(({ gives, to }) => gives.kind !== 'announce' && to.kind !== 'participant');
  const name = firm && !cycle.every(isBounded) ? 'cycle' : 'bounded_cycle';
  // Told from the first actor's own subscription, so that the path begins with what it takes.
  const told = [first, ...cycle.slice(0, -1)];
  return fabricFinding(name, first.takes.place, { path: describeCycle(told) });
}

function selfFinding({ from, topic, gives, takes }: Link): readonly FabricFinding[] {
  const params = { actor: nameOf(from), topic, what: gives.by === '' ? 'it' : gives.by };
  const surely = gives.kind !== 'announce' && !gives.conditional && !takes.conditional;
  return [fabricFinding(surely ? 'starts_itself' : 'self_trigger', gives.place, params)];
}

function orphans(graph: FabricGraph): readonly FabricFinding[] {
  const all = topicsOf(graph);
  const published = all.filter((topic) => giversOf(graph, topic).length > 0);
  return graph.actors.flatMap((actor) => {
    if (actor.kind === 'server') return [];
    const unfed = actor.takes.filter((flow) => !isFed(graph, flow));
    return [
      ...unfed.map((flow) => neverPublished(actor, flow, published)),
      ...actor.gives.flatMap((flow) => unheard(graph, actor, flow)),
    ];
  });
}

/** Whether anybody publishes what a flow takes; what comes from other systems cannot be known, nor what a pattern means. */
function isFed(graph: FabricGraph, { topic }: Flow): boolean {
  return isPattern(topic) || isForeignTopic(topic) || giversOf(graph, topic).length > 0;
}

function neverPublished(actor: FabricActor, { topic, place }: Flow, published: readonly string[]): FabricFinding {
  return fabricFinding('never_published', place, { actor: nameOf(actor), topic }, nearest(topic, published));
}

function unheard(graph: FabricGraph, actor: FabricActor, flow: Flow): readonly FabricFinding[] {
  const { topic, kind, place } = flow;
  if (kind === 'announce' || isPattern(topic) || takersOf(graph, topic).length > 0) return [];
  const name = kind === 'on_error' ? 'failure_unhandled' : 'never_taken';
  return [fabricFinding(name, place, { actor: nameOf(actor), topic })];
}

const CONTAINS: ReadonlySet<string> = new Set(['contain', 'destroy']);

function reactionFindings(actor: FabricActor, effectOf: EffectOf): readonly FabricFinding[] {
  const { plan } = actor;
  const reaction = plan?.reaction;
  if (!plan || !reaction) return [];
  const name = nameOf(actor);
  const actions = [...plan.byId.values()].filter((step): step is ActionStep => step.verb === 'action');
  const effects = actions.filter((step) => {
    const effect = effectOf(plan, step);
    return effect !== undefined && effect !== 'read';
  });
  const containing = actions.find((step) => CONTAINS.has(effectOf(plan, step) ?? ''));
  const { topic, trust, idempotency, limits, mode } = reaction;
  const early = idempotency && actions.find(({ lease }) => (lease?.for ?? 0) > idempotency.ttl);
  return [
    ...(containing && !trust
      ? [fabricFinding('contains_for_anybody', actor.placeOf('subscribe'), { actor: name, step: containing.id, topic })]
      : []),
    ...(idempotency && early
      ? [
          fabricFinding(
            'forgets_early',
            actor.placeOf('idempotency', 'ttl'),
            {
              actor: name,
              ttl: formatDuration(idempotency.ttl),
              step: early.id,
              lease: formatDuration(early.lease?.for ?? 0),
            },
            `ttl: ${formatDuration(early.lease?.for ?? 0).replaceAll(' ', '')}`,
          ),
        ]
      : []),
    ...(mode === 'act' && !limits.rate && effects.length > 0
      ? [fabricFinding('no_rate', actor.placeOf('mode'), { actor: name })]
      : []),
  ];
}

import type { FabricDesk, PlaybookDesk } from '@counterpoint/api';
import type { DecisionHandler } from '@counterpoint/cases';
import { createEventCheck } from '@counterpoint/engine';
import type { EventConsumer, EventLog, Store } from '@counterpoint/events';
import {
  createCaughtUp,
  createRetractions,
  createRevisedVerdicts,
  declarationOf,
  effectClasses,
  type FabricDocument,
  openTraffic,
  type Participant,
  participantActor,
  RETRACTION,
  type Reactions,
  type ReadGraph,
  type Retractions,
  readDocuments,
} from '@counterpoint/fabric';
import type { Automation } from '../automation.ts';
import { errors } from '../errors.ts';
import type { Foundations } from '../foundations.ts';
import type { FabricMembers } from './participants.ts';

/** What keeps the fabric visible, bounded and reversible is put together from. */
export interface SafetyParts {
  readonly foundations: Foundations;
  readonly automation: Automation;
  readonly desk: PlaybookDesk;
  readonly members: Pick<FabricMembers, 'participants'>;
  readonly reactions: Pick<Reactions, 'discard' | 'forget'>;
  readonly eventLog: EventLog;
}

/** What people see and do about the fabric as a whole, and what is done about revised verdicts. */
export interface FabricSafety {
  readonly fabricDesk: FabricDesk;
  readonly retractions: Retractions;
  /** Takes up revised verdicts. */
  readonly consumer: EventConsumer;
  /** Acts on what people decide about them. */
  readonly decisions: readonly (readonly [string, DecisionHandler])[];
  stop(): void;
}

const MANY = 10_000;

/** Begins to count what is published, and puts the rest together. */
export async function openSafety(parts: SafetyParts): Promise<FabricSafety> {
  const { foundations, automation, desk, members, reactions, eventLog } = parts;
  const { store, clock, config, log } = foundations;
  const { context, engine, plans, workerId } = automation;
  const { participants } = members;
  const discard = (row: string, by: string) => reactions.discard(row, by);
  const retractions = createRetractions({
    ...{ context, engine, discard },
    caughtUp: createCaughtUp({ store, clock, eventLog, consumers: ['reactions', 'triggers'] }),
    forget: (taken) => reactions.forget(taken),
  });
  const mode = config['fabric.on_revised_verdict'];
  const verdicts = createRevisedVerdicts({ store, context, clock, participants, retractions, mode });
  const onError = (error: unknown) =>
    log.error({ err: String(error) }, 'what was published before could not be counted');
  // Before anything is brought to the log here: what comes from now on is counted as it comes.
  const traffic = await openTraffic({ store, clock, eventLog, onError });
  const { catalogue } = desk;
  return {
    retractions,
    fabricDesk: {
      ...{ store, clock, traffic, plans, catalogue },
      members: participants,
      maxHops: config['engine.max_hops'],
      checkEvent: createEventCheck(catalogue.topics),
      eventLog: {
        ...eventLog,
        async rewind(name, start) {
          await mustBeHere(store, name, workerId, clock.now());
          await eventLog.rewind(name, start);
        },
      },
      graph: () => graphOf(store, desk, participants.all()),
      effectOf: () => effectClasses(catalogue),
    },
    consumer: {
      name: 'retractions',
      topics: verdicts.topics,
      start: 'first',
      handle: ({ event }) => verdicts.handle(event),
    },
    decisions: [[RETRACTION, verdicts.decided]],
    stop: traffic.stop,
  };
}

/** @throws server.consumer_elsewhere when another process delivers to the consumer */
async function mustBeHere(store: Store, consumer: string, worker: string, now: number): Promise<void> {
  const duty = await store.get('duties', `consumer ${consumer}`);
  if (!duty || duty.owner === '' || duty.owner === worker || duty.until < now) return;
  throw errors.consumer_elsewhere({ consumer });
}

/** The graph of what is published and enabled, and of who is let in. */
async function graphOf(store: Store, desk: PlaybookDesk, members: readonly Participant[]): Promise<ReadGraph> {
  const rows = await store.find('playbooks', { where: { enabled: true }, limit: MANY });
  const versions = await Promise.all(rows.map(({ current }) => store.get('playbook_versions', current)));
  const documents = rows.flatMap(({ id, kind }, index): FabricDocument[] => {
    const version = versions[index];
    return version ? [{ kind, file: `${kind}:${id}`, text: version.source }] : [];
  });
  const connections = new Map(
    (await store.find('connections', { limit: MANY })).map(({ id, connector }) => [id, { connector }]),
  );
  const { topics, connectors, capabilities } = desk.catalogue;
  const { graph, findings } = readDocuments(documents, topics, { connectors, capabilities, connections });
  const actors = members.filter(({ enabled }) => enabled).map((member) => participantActor(spokenOf(member)));
  return { graph: { ...graph, actors: [...graph.actors, ...actors] }, findings };
}

/** What a participant says of topics; where it says nothing, what it may do. */
function spokenOf(member: Participant) {
  const { id, title, rights } = member;
  const said = declarationOf(member);
  const { publishes = rights.publish, subscribes = rights.subscribe } = said ?? {};
  return { id, title, publishes, subscribes };
}

import type { DecisionHandler } from '@counterpoint/cases';
import { createEventCheck, dryRun, reactionInputs } from '@counterpoint/engine';
import type { EventConsumer } from '@counterpoint/events';
import {
  createReactions,
  judgeObserved,
  type Publishers,
  type Reactions,
  type SameAs,
  STORM_QUESTIONS,
  stormDecisions,
} from '@counterpoint/fabric';
import { type Catalogue, createChangeWindows } from '@counterpoint/playbook';
import type { Automation } from '../automation.ts';
import type { Duty } from '../duties.ts';
import type { Foundations } from '../foundations.ts';
import { consumerDuty, type ServerLog } from './log.ts';

/** What reactions stand on in this server. */
export interface ReactionParts {
  readonly foundations: Foundations;
  readonly automation: Automation;
  readonly catalogue: Catalogue;
  readonly participants: Publishers;
  /** The site that this process stands at; default: the centre. */
  readonly site?: string;
}

/** Puts the reactions together; nothing reacts yet. */
export function createServerReactions(parts: ReactionParts): Reactions {
  const { foundations, automation, catalogue, participants, site = '' } = parts;
  const { store, clock, config, log } = foundations;
  const { engine, plans, context, door, bind, bindAll } = automation;
  automation.trustPublishers(participants);
  const windows = createChangeWindows(catalogue.calendars ?? new Map());
  const around = { context, door, plans, catalogue, bind, bindAll, windows };
  return createReactions({
    store,
    clock,
    plans,
    engine,
    site,
    participants,
    catalogue: () => catalogue,
    maxHops: config['engine.max_hops'],
    storm: { events: config['fabric.storm_events'], window: config['fabric.storm_window_seconds'] * 1_000 },
    async rehearse({ plan, permissions }, event) {
      return dryRun(
        { ...around, checkEvent: createEventCheck(catalogue.topics) },
        {
          plan,
          principal: `reaction:${plan.id}`,
          permissions: await permissions(),
          event: event.data,
          inputs: reactionInputs(event),
          trigger: undefined,
          now: clock.now(),
          people: 'approve',
          reads: 'real',
          events: [],
        },
      );
    },
    onProblem: (error) => log.error({ err: String(error) }, 'a held event could not go on; it is tried again'),
  });
}

/** Has one process at a time react to events. */
export function reactionsDuty(serverLog: Pick<ServerLog, 'eventLog'>, reactions: Reactions): Duty {
  const consumer: EventConsumer = {
    name: 'reactions',
    topics: ['>'],
    // What was announced before there were reactions is nothing to react to.
    start: 'new',
    handle: (logged) => reactions.handle(logged),
  };
  const consuming = consumerDuty(serverLog, consumer);
  return {
    name: consuming.name,
    async begin() {
      await reactions.start();
      const end = await consuming.begin();
      return async () => {
        await end();
        await reactions.stop();
      };
    },
  };
}

/** Holds what reactions observed against what people and others have done since. */
export async function judgeReactions({ store, clock }: Foundations, automation: Automation): Promise<void> {
  await judgeObserved({ store, sameAs: sameActions(automation) }, clock.now());
}

/** What counts as the same action, by the capabilities of the connectors that are there. */
export function sameActions({ context: { connectors } }: Automation): SameAs {
  return (connector, action) => sameAs(connectors, connector, action);
}

/** The actions that provide a capability that an action provides; at least itself. */
function sameAs(connectors: Automation['context']['connectors'], connector: string, action: string) {
  const provided = Object.entries(connectors.get(connector)?.manifest.capabilities ?? {});
  const capabilities = provided.filter(([, by]) => by === action).map(([capability]) => capability);
  const others = [...connectors].flatMap(([id, { manifest }]) =>
    capabilities.flatMap((capability) => {
      const by = manifest.capabilities?.[capability];
      return by === undefined || id === connector ? [] : [{ connector: id, action: by }];
    }),
  );
  return [{ connector, action }, ...others];
}

/** What acts on the answers that people give to questions about storms. */
export function reactionDecisions(reactions: Reactions): readonly (readonly [string, DecisionHandler])[] {
  return [[STORM_QUESTIONS, stormDecisions(reactions)]];
}

import type { Clock } from '@counterpoint/core';
import type { DryRun, Engine, PlanSource, PublishedPlan } from '@counterpoint/engine';
import type { EventEnvelope, LoggedEvent, ReactionEventRow, Store } from '@counterpoint/events';
import type { Catalogue } from '@counterpoint/playbook';
import type { Participants } from '../participants/participant.ts';

/** What turned out to be wrong: events, and runs of reactions whose events were right or are not known. */
export interface TakenBack {
  readonly events: readonly string[];
  readonly runs: readonly string[];
}

/** What {@link createReactions} needs. */
export interface ReactionsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly plans: Pick<PlanSource, 'reactionsTo' | 'current'>;
  readonly engine: Pick<Engine, 'startRun'>;
  readonly participants: Pick<Participants, 'get'>;
  /** What actions do, to tell which reactions contain. */
  readonly catalogue: () => Catalogue;
  /** Plays a reaction in mode `observe`: nothing is changed, and what it would do is told. */
  readonly rehearse: (published: PublishedPlan, event: EventEnvelope) => Promise<DryRun>;
  /** The site that this process stands at: it runs the reactions of that site, and no others. Default: the centre. */
  readonly site?: string;
  /** `engine.max_hops`: no reaction acts on an event further from its first cause. */
  readonly maxHops: number;
  readonly storm: StormLimits;
  /** Told of what could not be done now and is tried again. */
  readonly onProblem?: (error: unknown) => void;
}

/** When a storm breaker opens. */
export interface StormLimits {
  /** More events than so many. */
  readonly events: number;
  /** Within so many milliseconds. */
  readonly window: number;
}

/**
 * Reactions at work. For each enabled reaction to the topic of an event, what becomes of it is decided in this order: its
 * condition; hop budget and trust; storm breaker; what is known of its idempotency key; rate. Every event that meets the
 * condition becomes exactly one run, or one row of `reaction_events` that says why not (or not yet).
 */
export interface Reactions {
  /** Begins to let held events go on. For the one process that is given the events. */
  start(): Promise<void>;
  /** Ends that, and waits for what is under way. */
  stop(): Promise<void>;
  /** Reacts to an event. Safe to repeat. Rejects when it could not be done now. */
  handle(logged: LoggedEvent): Promise<void>;
  /**
   * Lets a person's decision about one event through, whatever held it or spoke against it: the reaction acts on it at
   * once. Gives what became of it.
   *
   * @throws fabric.reaction_event_unknown, fabric.reaction_event_over, fabric.event_gone, engine.playbook_unknown
   */
  release(row: string, by: string): Promise<ReactionEventRow>;
  /** Throws away one event that has not become a run. @throws fabric.reaction_event_unknown, fabric.reaction_event_over */
  discard(row: string, by: string): Promise<ReactionEventRow>;
  /** Throws away everything that is held for a reaction; gives how much that was. */
  discardHeld(reaction: string, by: string): Promise<number>;
  /**
   * Takes events that turned out to be wrong out of what is known of idempotency keys, so that the same can be acted on
   * again, and no longer counts among the sources. Gives how many keys that changed. Safe to repeat.
   */
  forget(taken: TakenBack): Promise<number>;
  /**
   * Closes a storm breaker: what it held goes on at the rate of its reaction, or is thrown away. Safe to repeat.
   *
   * @throws fabric.breaker_closed when it is not open
   */
  decideStorm(breaker: string, decision: 'release' | 'discard', by: string): Promise<void>;
}

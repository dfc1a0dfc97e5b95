import { isCounterpointError } from '@counterpoint/core';
import {
  type EventTrigger,
  isConcerned,
  mayContain,
  type PlanSource,
  type PublishedTrigger,
  refusalOf,
} from '@counterpoint/engine';
import type { EventEnvelope } from '@counterpoint/events';
import type { Catalogue, Plan, Step } from '@counterpoint/playbook';
import { reactedEvent } from '../reactions/act.ts';
import { type Publishers, trustsPublisher } from '../reactions/trust.ts';

/** What would become of an event at one reaction or playbook. */
export interface Taker {
  readonly kind: 'reaction' | 'playbook';
  readonly id: string;
  /** `act`, `ask` and `observe` are modes of reactions; `start` is a playbook’s. */
  readonly would: 'act' | 'ask' | 'observe' | 'start' | 'ignore' | 'refuse';
  /** Why it would ignore or refuse it, or ask. */
  readonly reason: string;
  /** What it would do, step by step; empty when it would do nothing. */
  readonly steps: readonly string[];
}

/** What {@link whatIf} looks at. */
export interface WhatIfOptions {
  readonly plans: Pick<PlanSource, 'reactionsTo' | 'forTopic'>;
  readonly participants: Publishers;
  readonly catalogue: Catalogue;
  /** `engine.max_hops`. */
  readonly maxHops: number;
  readonly clock: { now(): number };
}

/**
 * Who would take an event, and what each would do. Conditions, trust and hop budgets are looked at; rates, keys and storm
 * breakers are not, since they depend on what comes in between. Changes nothing.
 */
export async function whatIf(options: WhatIfOptions, event: EventEnvelope): Promise<readonly Taker[]> {
  const reactions = await options.plans.reactionsTo(event.type);
  const triggers = await options.plans.forTopic(event.type);
  return [
    ...reactions.map(({ plan }) => ofReaction(options, plan, event)),
    ...triggers.map((trigger) => ofTrigger(options, trigger, event)),
  ];
}

function ofReaction(options: WhatIfOptions, plan: Plan, event: EventEnvelope): Taker {
  const { participants, catalogue, maxHops, clock } = options;
  const nothing = (would: 'ignore' | 'refuse', reason: string): Taker => ({
    kind: 'reaction',
    id: plan.id,
    would,
    reason,
    steps: [],
  });
  const { reaction } = plan;
  if (!reaction) return nothing('ignore', 'it is no reaction');
  const given = reactedEvent(event);
  const concerned = tried(() => isConcerned(reaction, given, clock.now()));
  if (concerned !== true) return nothing('ignore', concerned === false ? 'its condition does not hold' : concerned);
  const refusal = refusalOf(reaction, given, {
    maxHops,
    contains: reaction.trust === undefined && event.participant !== 'server' && mayContain(plan, catalogue),
    trusted: trustsPublisher(participants, event),
  });
  if (refusal) return nothing('refuse', refusal);
  return { kind: 'reaction', id: plan.id, would: reaction.mode, reason: '', steps: stepsOf(plan) };
}

function ofTrigger(
  { clock, participants }: WhatIfOptions,
  { published: { plan }, trigger }: PublishedTrigger<EventTrigger>,
  event: EventEnvelope,
): Taker {
  const { when } = trigger;
  const base = { kind: 'playbook', id: plan.id } as const;
  const holds = when ? tried(() => when.evaluate({ event: event.data }, { now: clock.now() }) === true) : true;
  if (holds !== true) {
    const reason = holds === false ? 'the condition of its trigger does not hold' : holds;
    return { ...base, would: 'ignore', reason, steps: [] };
  }
  const reason = trustsPublisher(participants, event)
    ? ''
    : 'its changes would be held, since the publisher is not trusted';
  return { ...base, would: 'start', reason, steps: stepsOf(plan) };
}

/** What a condition gives, or why it cannot be evaluated. */
function tried(evaluate: () => boolean): boolean | string {
  try {
    return evaluate();
  } catch (error) {
    if (isCounterpointError(error)) return error.message;
    throw error;
  }
}

function stepsOf({ steps, uses }: Plan): readonly string[] {
  return steps.map((step) => described(step, uses));
}

function described(step: Step, uses: Plan['uses']): string {
  if (step.verb === 'action') {
    const use = Object.hasOwn(uses, step.alias) ? uses[step.alias] : undefined;
    const name = use?.kind === 'capability' ? `${use.capability} (${use.targets})` : (use?.connector ?? step.alias);
    return `${step.id}: ${name} ${step.action}`;
  }
  return `${step.id}: ${step.verb}${step.verb === 'publish' ? ` ${step.topic}` : ''}`;
}

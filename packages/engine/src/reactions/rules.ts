import { canonicalJson, type Json, type JsonObject } from '@counterpoint/core';
import type { Catalogue, Plan, ReactionPlan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { contractOf, stepsOf } from '../rehearsal/contracts.ts';

/** An event as a reaction looks at it. */
export interface ReactedEvent {
  readonly id: string;
  readonly subject: string;
  readonly data: Json;
  /** How many events lie before it in its trace. */
  readonly hop: number;
  /** Who published it; `server` for this server. */
  readonly participant: string;
}

/** What a reaction's expressions know of its event besides the data, and what its run is started with. */
export function reactionInputs({ id, subject, participant }: Omit<ReactedEvent, 'data' | 'hop'>): JsonObject {
  return { event_id: id, subject, participant };
}

/**
 * Whether a reaction's condition holds for an event.
 *
 * @param now Unix milliseconds
 * @throws engine.condition_not_boolean, and what evaluating it throws
 */
export function isConcerned({ when }: ReactionPlan, event: ReactedEvent, now: number): boolean {
  if (!when) return true;
  const value = when.evaluate({ event: event.data, inputs: reactionInputs(event) }, { now });
  if (typeof value !== 'boolean') throw errors.condition_not_boolean({ step: 'when', actual: `a ${typeof value}` });
  return value;
}

/**
 * The idempotency key of an event: the same for events that say the same; undefined where the reaction declares none.
 *
 * @throws what evaluating it throws, such as a validator that refuses the value
 */
export function reactionKey({ idempotency }: ReactionPlan, event: ReactedEvent, now: number): string | undefined {
  if (!idempotency) return undefined;
  const value = idempotency.key.evaluate({ event: event.data, inputs: reactionInputs(event) }, { now });
  return typeof value === 'string' ? value : canonicalJson(toPlain(value));
}

function toPlain(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString();
  return (value ?? null) as Json;
}

/** Why a reaction does not act on an event that meets its condition; undefined when nothing speaks against it. */
export type ReactionRefusal = 'hops' | 'untrusted';

/** What {@link refusalOf} goes by. */
export interface RefusalGrounds {
  /** The most hops that the engine lets pass, whatever the reaction says. */
  readonly maxHops: number;
  /** Whether what the reaction does may cut something off; then its publisher must be trusted. */
  readonly contains: boolean;
  /** Whether the publisher's own trust list holds the topic. */
  readonly trusted: boolean;
}

/** Holds an event against a reaction's hop budget and trust. This server itself is always trusted. */
export function refusalOf(
  { limits, trust }: ReactionPlan,
  { hop, participant }: Pick<ReactedEvent, 'hop' | 'participant'>,
  { maxHops, contains, trusted }: RefusalGrounds,
): ReactionRefusal | undefined {
  if (hop > Math.min(limits.maxHops, maxHops)) return 'hops';
  if (participant === 'server') return undefined;
  if (trust) return trust.publishers.includes(participant) ? undefined : 'untrusted';
  return contains && !trusted ? 'untrusted' : undefined;
}

/** Whether a step of a plan contains or destroys. What no catalogue knows counts as if it did. */
export function mayContain(plan: Plan, catalogue: Catalogue): boolean {
  return stepsOf(plan).some((step) => {
    if (step.verb !== 'action') return step.verb === 'call';
    const effect = contractOf(step, plan, catalogue)?.effect;
    return effect === undefined || effect === 'contain' || effect === 'destroy';
  });
}

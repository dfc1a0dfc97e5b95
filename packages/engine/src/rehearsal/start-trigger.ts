import { isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import type { Plan, Trigger } from '@counterpoint/playbook';
import type { StartRequest } from '../worker/start.ts';

/** A trigger that an event can start. */
export type StartableTrigger = Extract<Trigger, { readonly kind: (typeof STARTABLE)[number] }>;

const STARTABLE = ['topic', 'alert', 'case', 'webhook'] as const;

/** The triggers of a plan that an event can start. */
export function startableTriggers(plan: Plan): readonly StartableTrigger[] {
  const kinds: readonly string[] = STARTABLE;
  return plan.triggers.filter((trigger): trigger is StartableTrigger => kinds.includes(trigger.kind));
}

/** How a run begins, or why it does not. */
export type Start =
  | { readonly kind: 'starts'; readonly trigger: Omit<StartRequest['trigger'], 'key'> }
  | { readonly kind: 'refused'; readonly reason: string };

const BY_HAND: Start = { kind: 'starts', trigger: { kind: 'manual', id: 'manual' } };

/** Which trigger an event starts: the named one, or the first whose condition holds. Without an event: by hand. */
export function startTrigger(
  plan: Plan,
  event: Json | undefined,
  named: string | undefined,
  now: number,
  inputs: JsonObject = {},
): Start {
  const triggers = startableTriggers(plan).filter(({ id }) => named === undefined || id === named);
  if (event === undefined || triggers.length === 0) return BY_HAND;
  const reasons: string[] = [];
  for (const trigger of triggers) {
    const reason = refusal(trigger, plan.reaction ? { event, inputs } : { event }, now);
    if (reason === undefined) return { kind: 'starts', trigger: { kind: trigger.kind, id: trigger.id } };
    reasons.push(`${trigger.id}: ${reason}`);
  }
  return { kind: 'refused', reason: reasons.join('; ') };
}

function refusal({ when }: StartableTrigger, scope: JsonObject, now: number): string | undefined {
  if (!when) return undefined;
  try {
    return when.evaluate(scope, { now }) === true ? undefined : `\`${when.source}\` does not hold`;
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return error.message.replace(/\.$/, '');
  }
}

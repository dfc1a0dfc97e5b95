import { isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import type { EventEnvelope } from '@counterpoint/events';
import { type Causality, causedBy } from '@counterpoint/events';
import type { CompiledExpression } from '@counterpoint/expressions';
import { errors } from '../errors.ts';
import type { EventTrigger, PublishedTrigger, WebhookTrigger } from '../playbooks/published.ts';
import type { Worker } from './worker.ts';

type EventOrWebhook = PublishedTrigger<EventTrigger | WebhookTrigger>;

/**
 * Whether a trigger's condition holds for an event. A condition that cannot be evaluated starts nothing and is
 * audited, so that it is neither lost nor tried for ever.
 */
export async function meets(
  worker: Worker,
  trigger: EventOrWebhook,
  event: Json,
  causality: Causality,
): Promise<boolean> {
  const { when } = trigger.trigger;
  if (!when) return true;
  try {
    return holds(when, event, worker.options.clock.now());
  } catch (error) {
    await auditFailure(worker, trigger, causality, error);
    return false;
  }
}

/** Writes down why a trigger starts nothing. @throws `error` itself, when it is no fault of the playbook */
export async function auditFailure(
  worker: Worker,
  { published, trigger }: EventOrWebhook,
  causality: Causality,
  error: unknown,
): Promise<void> {
  if (!isCounterpointError(error) || error.retryable || error.code.startsWith('events.')) throw error;
  const { id } = published.plan;
  const failure = errors.trigger_failed({ playbook: id, trigger: trigger.id, reason: error.message });
  const data: JsonObject = { trigger: trigger.id, code: error.code, message: failure.message, cause: causality.cause };
  const entry = {
    at: worker.options.clock.now(),
    principal: `playbook:${id}`,
    action: 'trigger.failed',
    object: `playbook:${id}`,
    data,
    trace: causality.trace,
  };
  await worker.options.store.commit({ audit: [entry] });
}

function holds(when: CompiledExpression, event: Json, now: number): boolean {
  const value = when.evaluate({ event }, { now });
  if (typeof value !== 'boolean') throw errors.condition_not_boolean({ step: 'when', actual: `a ${typeof value}` });
  return value;
}

/** Whether an event says itself that it is simulated, or one of the things that it is about, such as an alert. */
export function isSimulated(data: Json): boolean {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  return saysSo(data) || Object.values(data).some(saysSo);
}

function saysSo(value: Json): boolean {
  return typeof value === 'object' && value !== null && 'simulated' in value && value.simulated === true;
}

/** What a run that an event starts is caused by. */
export function causalityOfEvent(envelope: EventEnvelope): Causality {
  return causedBy(envelope, `event:${envelope.id}`);
}

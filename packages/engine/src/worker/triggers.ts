import { isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import type { EventEnvelope } from '@counterpoint/events';
import { type Causality, causedBy } from '@counterpoint/events';
import type { CompiledExpression } from '@counterpoint/expressions';
import { errors } from '../errors.ts';
import type { EventTrigger, PublishedTrigger, WebhookTrigger } from '../playbooks/published.ts';
import type { Worker } from './worker.ts';

/** What a trigger makes of an event. */
export type Verdict = 'starts' | 'passes';

/**
 * Whether a trigger's condition holds for an event. A condition that cannot be evaluated starts nothing and is
 * audited, so that it is neither lost nor tried for ever.
 */
export async function judge(
  worker: Worker,
  { published, trigger }: PublishedTrigger<EventTrigger | WebhookTrigger>,
  event: Json,
  causality: Causality,
): Promise<Verdict> {
  if (!trigger.when) return 'starts';
  try {
    return holds(trigger.when, event, worker.options.clock.now()) ? 'starts' : 'passes';
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    const { id } = published.plan;
    const failure = errors.trigger_failed({ playbook: id, trigger: trigger.id, reason: error.message });
    const data: JsonObject = {
      trigger: trigger.id,
      code: error.code,
      message: failure.message,
      cause: causality.cause,
    };
    const entry = {
      at: worker.options.clock.now(),
      principal: `playbook:${id}`,
      action: 'trigger.failed',
      object: `playbook:${id}`,
      data,
      trace: causality.trace,
    };
    await worker.options.store.commit({ audit: [entry] });
    return 'passes';
  }
}

function holds(when: CompiledExpression, event: Json, now: number): boolean {
  const value = when.evaluate({ event }, { now });
  if (typeof value !== 'boolean') throw errors.condition_not_boolean({ step: 'when', actual: `a ${typeof value}` });
  return value;
}

/** What a run that an event starts is caused by. */
export function causalityOfEvent(envelope: EventEnvelope): Causality {
  return causedBy(envelope, `event:${envelope.id}`);
}

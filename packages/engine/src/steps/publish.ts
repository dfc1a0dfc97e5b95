import { type Json, stableId } from '@counterpoint/core';
import { eventErrors, isTopicName } from '@counterpoint/events';
import type { PublishStep } from '@counterpoint/playbook';
import { at, evaluate, type StepKind } from '../interpreter/deciding.ts';
import { endStep } from '../interpreter/flow.ts';

/** `publish`: an event that becomes durable together with the fact that it was published. Output: `{event}`, its id. */
export const publishKind: StepKind<PublishStep> = {
  immediate: true,
  begin(d, scope, step) {
    const address = at(scope, step);
    if (!isTopicName(step.topic)) throw eventErrors.topic_invalid({ topic: step.topic });
    const data = evaluate(d, scope, step, step.data) as Json;
    const refusal = d.moment.checkEvent?.(step.topic, data);
    if (refusal) throw refusal;
    const named = step.subject ? evaluate(d, scope, step, step.subject) : `run:${d.state.run}`;
    const subject = typeof named === 'string' ? named : JSON.stringify(named);
    const id = stableId('event', d.state.run, address);
    d.commands.push({ kind: 'publish', id, topic: step.topic, subject, data, address });
    endStep(d, scope, step, 'succeeded', { event: id });
  },
};

import { parseDuration } from '@counterpoint/core';
import type { ReactionPlan, Trigger } from '../plan.ts';
import { REACTION_INPUTS } from '../reaction-steps.ts';
import { requiredSteps } from './blocks.ts';
import { expression, requiredExpression, requiredTemplate } from './code.ts';
import type { Part, Reading } from './context.ts';
import { asName, asText, child, duration, number, oneOf, refuseOthers, requireField, text, texts } from './fields.ts';
import { type ReadPlan, readTitle } from './playbook.ts';
import { inner } from './policies.ts';
import { readUses } from './uses.ts';

/** The fields of a reaction. */
export const REACTION_FIELDS = [
  'kind',
  'id',
  'title',
  'description',
  'mode',
  'site',
  'uses',
  'subscribe',
  'idempotency',
  'limits',
  'do',
  'publish',
  'on_error',
] as const;

const DEFAULT_MAX_HOPS = 5;
const DEFAULT_STALE = 3_600_000;

/** Reads `kind: reaction/v1`. */
export function readReaction(part: Part, id: string, reading: Reading): ReadPlan {
  refuseOthers(part, REACTION_FIELDS, reading);
  text(part, 'description', reading);
  const reaction = readReactionPlan(part, reading);
  return {
    kind: 'reaction',
    id,
    title: readTitle(part, reading),
    uses: readUses(part, reading),
    triggers: reaction.topic === '' ? [] : [subscription(part, reaction, reading)],
    inputs: REACTION_INPUTS,
    concurrency: undefined,
    priority: 'normal',
    timeout: undefined,
    steps: requiredSteps(part, 'do', reading),
    onError: [],
    onCancel: [],
    finally: [],
    outputs: undefined,
    reaction,
  };
}

function subscription(part: Part, { topic, when }: ReactionPlan, reading: Reading): Trigger {
  const trigger: Trigger = { kind: 'topic', id: `topic:${topic}`, topic, when };
  const node = child(part, 'subscribe');
  if (node?.kind === 'map') reading.origins.triggers.set(trigger, node);
  return trigger;
}

function readReactionPlan(part: Part, reading: Reading): ReactionPlan {
  requireField(part, 'subscribe', reading);
  const subscribe = inner(part, 'subscribe', reading);
  if (subscribe) refuseOthers(subscribe, ['topic', 'when', 'trust'], reading);
  const topic = subscribe && requireField(subscribe, 'topic', reading);
  return {
    mode: oneOf(part, 'mode', ['observe', 'ask', 'act'], reading) ?? 'observe',
    site: readSite(part, reading),
    topic: (topic && asText(topic, 'topic', reading)) ?? '',
    when: subscribe && expression(subscribe, 'when', reading),
    trust: subscribe && readTrust(subscribe, reading),
    idempotency: readIdempotency(part, reading),
    limits: readLimits(part, reading),
    publish: readPublish(part, reading),
    onErrorPublish: readOnError(part, reading),
  };
}

function readSite(part: Part, reading: Reading): string {
  const node = child(part, 'site');
  return (node && asName(node, 'site', reading)) ?? '';
}

function readTrust(subscribe: Part, reading: Reading): ReactionPlan['trust'] {
  const trust = inner(subscribe, 'trust', reading);
  if (!trust) return undefined;
  refuseOthers(trust, ['publishers', 'sources'], reading);
  requireField(trust, 'publishers', reading);
  return {
    publishers: texts(trust, 'publishers', reading),
    sources: number(trust, 'sources', { min: 1, max: 100, whole: true }, reading) ?? 1,
  };
}

function readIdempotency(part: Part, reading: Reading): ReactionPlan['idempotency'] {
  const idempotency = inner(part, 'idempotency', reading);
  if (!idempotency) return undefined;
  refuseOthers(idempotency, ['key', 'ttl'], reading);
  requireField(idempotency, 'ttl', reading);
  return { key: requiredExpression(idempotency, 'key', reading), ttl: duration(idempotency, 'ttl', reading) ?? 0 };
}

function readLimits(part: Part, reading: Reading): ReactionPlan['limits'] {
  const limits = inner(part, 'limits', reading);
  if (!limits) return { rate: undefined, maxHops: DEFAULT_MAX_HOPS, stale: DEFAULT_STALE };
  refuseOthers(limits, ['rate', 'max_hops', 'stale'], reading);
  return {
    rate: readRate(limits, reading),
    maxHops: number(limits, 'max_hops', { min: 1, max: 100, whole: true }, reading) ?? DEFAULT_MAX_HOPS,
    stale: duration(limits, 'stale', reading) ?? DEFAULT_STALE,
  };
}

/** `30/min`, `5/10s`, `100/h`: so many per unit or duration. */
function readRate(limits: Part, reading: Reading): ReactionPlan['limits']['rate'] {
  const node = child(limits, 'rate');
  const rate = node && asText(node, 'rate', reading);
  if (!node || rate === undefined) return undefined;
  const [, count = '', per = ''] = /^([1-9]\d{0,5})\/(\w+)$/.exec(rate.trim()) ?? [];
  try {
    if (count !== '') return { count: Number(count), per: parseDuration(/^\d/.test(per) ? per : `1${per}`) };
  } catch {
    // Reported below, with the position.
  }
  const params = { field: 'rate', expected: 'a number per time, such as 30/min', actual: JSON.stringify(rate) };
  reading.report.add('wrong_value', node.position, params);
  return undefined;
}

function readPublish(part: Part, reading: Reading): ReactionPlan['publish'] {
  const publish = inner(part, 'publish', reading);
  if (!publish) return undefined;
  refuseOthers(publish, ['topic', 'data'], reading);
  const topic = requireField(publish, 'topic', reading);
  return { topic: (topic && asText(topic, 'topic', reading)) ?? '', data: requiredTemplate(publish, 'data', reading) };
}

function readOnError(part: Part, reading: Reading): string | undefined {
  const onError = inner(part, 'on_error', reading);
  if (!onError) return undefined;
  refuseOthers(onError, ['publish'], reading);
  const topic = requireField(onError, 'publish', reading);
  return topic && asText(topic, 'publish', reading);
}

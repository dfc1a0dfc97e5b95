import { formatDuration, type Json } from '@counterpoint/core';
import type { CompiledExpression, CompiledTemplate } from '@counterpoint/expressions';
import type { Lease, Plan, Retry, Step, Trigger, Use, WaitCondition } from '../plan.ts';

/** What a step or a playbook says, field by field, in the words of the language; fields that it does not say are absent. */
export type Facets = Readonly<Record<string, Json>>;

type Said = Readonly<Record<string, Json | undefined>>;

function facets(said: Said): Facets {
  return Object.fromEntries(Object.entries(said).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

const code = (expression: CompiledExpression | undefined): Json | undefined => expression?.source;
const template = (compiled: CompiledTemplate | undefined): Json | undefined => compiled?.source;
const time = (millis: number | undefined): string | undefined =>
  millis === undefined ? undefined : formatDuration(millis);
const flag = (value: boolean): true | undefined => (value ? true : undefined);
const list = (values: readonly string[]): Json | undefined => (values.length === 0 ? undefined : [...values]);

/** Everything that a step says, but for the steps inside it. */
export function facetsOf(step: Step): Facets {
  return facets({
    title: step.title,
    description: step.description,
    if: code(step.guard),
    timeout: time(step.timeout),
    ...retryFacets(step.retry),
    recheck: code(step.recheck),
    ...leaseFacets(step.lease),
    connection: step.connection,
    minutes_saved: step.minutesSaved,
    on_failure: step.onFailure === 'fail' ? undefined : step.onFailure,
    ...ownFacets(step),
  });
}

function retryFacets(retry: Retry | undefined): Said {
  if (!retry) return {};
  const { attempts, delay, backoff, maxDelay, on } = retry;
  return {
    'retry.attempts': attempts,
    'retry.delay': time(delay),
    'retry.backoff': backoff,
    'retry.max_delay': time(maxDelay),
    'retry.on': list(on),
  };
}

function leaseFacets(lease: Lease | undefined): Said {
  return lease ? { 'lease.for': time(lease.for), 'lease.while': lease.while, 'lease.max': time(lease.max) } : {};
}

type Own = { readonly [Verb in Step['verb']]: (step: Extract<Step, { verb: Verb }>) => Said };

const own: Own = {
  action: ({ alias, action, with: input }) => ({ action: `${alias}.${action}`, ...inputFacets(input) }),
  call: ({ playbook, with: input, detach }) => ({ call: playbook, detach: flag(detach), ...inputFacets(input) }),
  if: ({ branches }) =>
    numbered(
      'branch',
      branches.map(({ when }) => code(when)),
    ),
  switch: ({ on, cases }) => ({ switch: code(on), cases: cases.map(({ value }) => value) }),
  foreach: (step) => ({
    foreach: code(step.items),
    as: step.as,
    max_items: step.maxItems,
    max_parallel: step.maxParallel,
    on_item_error: step.onItemError,
    yield: template(step.yield),
  }),
  while: (step) => ({
    [step.mode]: code(step.condition),
    max_iterations: step.maxIterations,
    ...Object.fromEntries(
      Object.entries(step.carry).map(([name, { from, next }]) => [
        `carry.${name}`,
        { from: from.source, next: next.source },
      ]),
    ),
  }),
  parallel: ({ branches, join, onBranchError }) => ({
    branches: branches.map(({ name }) => name),
    join,
    on_branch_error: onBranchError,
  }),
  approval: ({ text, covers, by, via, form, deadline }) => ({
    approval: template(text),
    covers: list(covers),
    'by.role': by.role,
    'by.users': template(by.users),
    'by.exclude': code(by.exclude),
    'by.quorum': by.quorum,
    'by.delegate': flag(by.delegate),
    via: list(via),
    form: form as Json | undefined,
    'timeout.after': time(deadline?.after),
    'timeout.then': deadline?.then,
  }),
  ask: ({ text, of, via, form, deadline }) => ({
    ask: template(text),
    'of.role': of.role,
    'of.users': template(of.users),
    via: list(via),
    form: form as Json,
    'timeout.after': time(deadline?.after),
    'timeout.then': deadline?.then,
  }),
  wait: ({ any }) =>
    Object.fromEntries(
      Object.entries(any).map(([name, condition]) => [name === '' ? 'wait' : `wait.${name}`, waitOf(condition)]),
    ),
  publish: ({ topic, subject, data }) => ({ publish: topic, subject: template(subject), data: template(data) }),
  set: ({ values }) => spread('set', template(values)),
  undo: ({ step }) => ({ undo: step }),
  try: ({ catches }) =>
    numbered(
      'catch',
      catches.map(({ codes }) => list(codes) ?? 'any'),
    ),
  fail: ({ reason }) => ({ fail: template(reason) }),
  succeed: ({ reason }) => ({ succeed: template(reason) }),
};

function ownFacets(step: Step): Said {
  return (own[step.verb] as (step: Step) => Said)(step);
}

function inputFacets(input: CompiledTemplate): Said {
  return spread('with', template(input));
}

/** A map as a facet for each of its entries. */
function spread(name: string, value: Json | undefined): Said {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return { [name]: value };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`${name}.${key}`, inner as Json]));
}

function numbered(name: string, values: readonly (Json | undefined)[]): Said {
  return Object.fromEntries(values.map((value, index) => [`${name} ${index + 1}`, value]));
}

function waitOf(condition: WaitCondition): Json {
  const said = { ...condition } as Readonly<Record<string, unknown>>;
  return facets(
    Object.fromEntries(
      Object.entries(said).map(([name, value]): [string, Json | undefined] => [name, plain(name, value)]),
    ),
  );
}

function plain(name: string, value: unknown): Json | undefined {
  if (typeof value === 'object' && value !== null && 'source' in value) return value.source as Json;
  if ((name === 'duration' || name === 'timeout') && typeof value === 'number') return formatDuration(value);
  return value as Json | undefined;
}

/** Everything that a playbook says outside of its steps. */
export function planFacets(plan: Plan): Facets {
  return facets({
    title: plan.title,
    ...named(
      'trigger',
      plan.triggers.map((trigger) => [trigger.id, triggerOf(trigger)] as const),
    ),
    ...named(
      'uses',
      Object.entries(plan.uses).map(([alias, use]) => [alias, useOf(use)] as const),
    ),
    ...named(
      'input',
      Object.entries(plan.inputs).map(([name, { schema }]) => [name, schema] as const),
    ),
    'concurrency.key': code(plan.concurrency?.key),
    'concurrency.on_conflict': plan.concurrency?.onConflict,
    priority: plan.priority,
    timeout: time(plan.timeout),
    ...spread('outputs', template(plan.outputs)),
    ...reactionFacets(plan),
  });
}

function named(what: string, entries: readonly (readonly [string, Json])[]): Said {
  return Object.fromEntries(entries.map(([name, value]) => [`${what} ${name}`, value]));
}

function triggerOf(trigger: Trigger): Json {
  return facets(
    Object.fromEntries(
      Object.entries(trigger).flatMap(([name, value]): [string, Json | undefined][] =>
        name === 'id' ? [] : [[name, plain(name, value)]],
      ),
    ),
  );
}

function useOf(use: Use): Json {
  if (use.kind === 'connector') return use.connector;
  if (use.kind === 'connection') return { connection: use.connection };
  return use.targets === 'one' ? { capability: use.capability } : { capability: use.capability, targets: use.targets };
}

function reactionFacets({ reaction }: Plan): Said {
  if (!reaction) return {};
  const { mode, site, topic, when, trust, idempotency, limits } = reaction;
  return {
    mode,
    site: site === '' ? undefined : site,
    'subscribe.topic': topic,
    'subscribe.when': code(when),
    'subscribe.trust.publishers': trust && [...trust.publishers],
    'subscribe.trust.sources': trust?.sources,
    'idempotency.key': code(idempotency?.key),
    'idempotency.ttl': time(idempotency?.ttl),
    'limits.rate': limits.rate && `${limits.rate.count}/${formatDuration(limits.rate.per)}`,
    'limits.max_hops': limits.maxHops,
    'limits.stale': time(limits.stale),
  };
}

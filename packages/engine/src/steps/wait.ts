import { formatDuration, isCounterpointError, type Json } from '@counterpoint/core';
import { compileExpression } from '@counterpoint/expressions';
import type { WaitCondition, WaitStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { at, clearTimer, type Deciding, emit, evaluate, type StepKind, setTimer } from '../interpreter/deciding.ts';
import type { AwaitedCondition } from '../interpreter/entries.ts';
import { errorValue } from '../interpreter/error-value.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import { newScope, type OpenStep, type Scope } from '../interpreter/state.ts';
import { subscriptionKey } from './subscription-key.ts';

/** A wait may end this far in the future at most: 10 years, as for durations. */
const FURTHEST = 315_360_000_000;

const TIME = compileExpression('timestamp(value)');

/**
 * `wait`: goes on at the first of its conditions: a time that has passed, a change window that is open, an event that
 * matches. What holds already ends it at once. Output: `first`, the name of the condition (its kind when it is the only
 * one), and `event`, the data of the event. A topic that was waited for too long fails the step, also beside others.
 */
export const waitKind: StepKind<WaitStep> = {
  immediate: false,

  begin(d, scope, step) {
    const conditions = Object.entries(step.any).map(([name, one]) => [name, awaited(d, scope, step, one)] as const);
    const now = conditions.find(([, one]) => one.kind === 'moment' && one.due <= d.moment.at);
    if (now) {
      endStep(d, scope, step, 'succeeded', { first: nameOf(step, now[0]) });
      return;
    }
    const address = at(scope, step);
    emit(d, { kind: 'wait_began', address, data: { conditions: Object.fromEntries(conditions) } });
    for (const [name, one] of conditions) {
      if (one.kind === 'event') d.commands.push({ kind: 'subscribe', address, name, ...wish(one) });
    }
    const next = earliest(conditions);
    if (next) setTimer(d, address, 'wait', next.due);
  },

  arrived(d, open, step, { name, event }) {
    const awaiting = open.conditions?.[name];
    const condition = step.any[name];
    if (awaiting?.kind !== 'event' || condition?.kind !== 'topic' || event.at < awaiting.since) return;
    if (!matches(d, open.scope, step, condition, event.data)) return;
    leave(d, open);
    endStep(d, open.scope, step, 'succeeded', { first: nameOf(step, name), event: event.data });
  },

  timerDue(d, open, step, timer) {
    if (timer === 'timeout') {
      leave(d, open);
      const timeout = formatDuration(step.timeout ?? 0);
      failStep(d, open.scope, step, errorValue(errors.timeout({ step: open.address, timeout }), open.address));
      return;
    }
    const next = timer === 'wait' && earliest(Object.entries(open.conditions ?? {}));
    if (!next) clearTimer(d, open.address, timer);
    else if (next.due > d.moment.at) setTimer(d, open.address, 'wait', next.due);
    else {
      leave(d, open);
      if (next.ends) endStep(d, open.scope, step, 'succeeded', { first: nameOf(step, next.name) });
      else failStep(d, open.scope, step, errorValue(errors.timed_out({ step: open.address }), open.address));
    }
  },

  // The stored timer and subscriptions are still there; what came in between is looked up again.
  recover(d, open) {
    for (const [name, one] of Object.entries(open.conditions ?? {})) {
      if (one.kind === 'event') d.commands.push({ kind: 'catch_up', address: open.address, name, ...wish(one) });
    }
  },

  cancel: leave,
};

function wish({ topic, key, since }: Extract<AwaitedCondition, { kind: 'event' }>) {
  return { topic, key, since };
}

/** Removes what is stored about the wait. */
function leave(d: Deciding, open: OpenStep): void {
  const conditions = Object.entries(open.conditions ?? {});
  if (earliest(conditions)) clearTimer(d, open.address, 'wait');
  for (const [name, one] of conditions) {
    if (one.kind === 'event') d.commands.push({ kind: 'unsubscribe', address: open.address, name });
  }
}

/** The condition whose time comes first; `ends` when the step then ends well. On a tie the first one written. */
function earliest(
  conditions: readonly (readonly [string, AwaitedCondition])[],
): { readonly name: string; readonly due: number; readonly ends: boolean } | undefined {
  let first: { name: string; due: number; ends: boolean } | undefined;
  for (const [name, { kind, due }] of conditions) {
    if (due !== null && (first === undefined || due < first.due)) first = { name, due, ends: kind === 'moment' };
  }
  return first;
}

function nameOf(step: WaitStep, name: string): string {
  return name === '' ? (step.any['']?.kind ?? '') : name;
}

function awaited(d: Deciding, scope: Scope, step: WaitStep, condition: WaitCondition): AwaitedCondition {
  const now = d.moment.at;
  switch (condition.kind) {
    case 'for':
      return { kind: 'moment', due: now + condition.duration };
    case 'until':
      return { kind: 'moment', due: timeOf(d, step, evaluate(d, scope, step, condition.at)) };
    case 'window':
      return { kind: 'moment', due: opening(d, step, condition.name) };
    case 'topic': {
      const { topic, match, since, timeout } = condition;
      const key = match ? subscriptionKey(match.source, (other) => evaluate(d, scope, step, other)) : '';
      const from = since === 'now' ? now : startOf(d);
      return { kind: 'event', topic, key, since: from, due: timeout === undefined ? null : now + timeout };
    }
  }
}

/** @throws engine.wait_time_invalid */
function timeOf(d: Deciding, step: WaitStep, value: unknown): number {
  let time: number;
  try {
    // A number of milliseconds is taken as it is; `timestamp` would take a small one for seconds.
    time = typeof value === 'number' ? Math.ceil(value) : (TIME.evaluate({ value }) as number);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    throw errors.wait_time_invalid({ step: step.id, actual: JSON.stringify(value) });
  }
  if (!Number.isSafeInteger(time) || time > d.moment.at + FURTHEST) {
    throw errors.wait_time_invalid({ step: step.id, actual: JSON.stringify(value) });
  }
  return time;
}

/** @throws engine.window_unknown, engine.window_closed */
function opening(d: Deciding, step: WaitStep, name: string): number {
  const next = d.moment.windows?.next(name, d.moment.at);
  if (next === undefined) throw errors.window_unknown({ step: step.id, window: name });
  if (next === null) throw errors.window_closed({ step: step.id, window: name });
  return next;
}

function startOf(d: Deciding): number {
  const { started_at } = d.state.root.names.run as { readonly started_at: string };
  return Date.parse(started_at);
}

/** An event of which `match` cannot be told does not match: others write it, and must not be able to end the wait. */
function matches(
  d: Deciding,
  scope: Scope,
  step: WaitStep,
  { match }: Extract<WaitCondition, { kind: 'topic' }>,
  candidate: Json,
): boolean {
  if (!match) return true;
  try {
    return evaluate(d, newScope(`${scope.prefix}?`, scope, { ...scope.names, candidate }), step, match) === true;
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return false;
  }
}

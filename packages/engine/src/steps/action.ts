import { backoffDelay, formatDuration } from '@counterpoint/core';
import type { ActionStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import {
  at,
  callOf,
  clearTimer,
  type Deciding,
  emit,
  holds,
  type StepKind,
  setTimer,
} from '../interpreter/deciding.ts';
import { errorValue, isNamed } from '../interpreter/error-value.ts';
import { seenFrom } from '../interpreter/fan-out.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { Settled, TimerKind } from '../interpreter/happening.ts';
import type { OpenStep } from '../interpreter/state.ts';
import { argumentsOf } from './arguments.ts';
import { demandApprovals } from './covered.ts';
import { closeInbox, expireInbox } from './people.ts';

/**
 * `action`: one operation through the door. Its arguments are evaluated once, so that every attempt sends the same.
 * `recheck` is asked before each attempt; when it no longer holds, the step is skipped. `timeout` spans all attempts.
 * Cancelling does not break off a call: its receipt still reaches the ledger, but nobody in the run waits for it.
 */
export const actionKind: StepKind<ActionStep> = {
  immediate: false,

  begin(d, scope, step) {
    const outside = seenFrom(scope, step);
    const input = argumentsOf(d, outside, step, step.with);
    demandApprovals(d, outside, step, input);
    if (step.recheck && !holds(d, outside, step, step.recheck)) {
      endStep(d, scope, step, 'skipped');
      return;
    }
    const address = at(scope, step);
    emit(d, { kind: 'step_started', address, data: { attempt: 1, input } });
    d.commands.push({ kind: 'perform', call: callOf(d.state.open.get(address) as OpenStep) });
  },

  again(d, open, step) {
    const input = open.input ?? {};
    demandApprovals(d, seenFrom(open.scope, step), step, input);
    const data = { attempt: open.attempts + 1, input };
    emit(d, { kind: 'step_started', address: open.address, data });
    d.commands.push({ kind: 'perform', call: callOf(open) });
  },

  settled(d, open, step, settled) {
    settlers[settled.status](d, open, step, settled as never);
  },

  timerDue(d, open, step, timer) {
    timers[timer]?.(d, open, step);
  },

  // Whatever people said: the door looks it up, and sends or refuses.
  decided(d, open, step, { item, status, hash }) {
    clearTimer(d, open.address, 'deadline');
    emit(d, { kind: 'people_decided', address: open.address, data: { item, status, hash } });
    const data = { attempt: open.attempts, input: open.input };
    emit(d, { kind: 'step_started', address: open.address, data });
    if (step.timeout !== undefined) setTimer(d, open.address, 'timeout', d.moment.at + step.timeout);
    d.commands.push({ kind: 'perform', call: callOf(open) });
  },

  cancel(d, open) {
    if (isHeld(open)) closeInbox(d, open);
  },

  recover(d, open) {
    if (open.status === 'running') d.commands.push({ kind: 'reconcile', call: callOf(open), lost: true });
    else if (open.status === 'unknown' && !open.asked) {
      d.commands.push({ kind: 'reconcile', call: callOf(open), lost: false });
    }
  },
};

type Settlers = {
  readonly [Status in Settled['status']]: (
    d: Deciding,
    open: OpenStep,
    step: ActionStep,
    settled: Extract<Settled, { status: Status }>,
  ) => void;
};

const settlers: Settlers = {
  succeeded(d, open, step, { output }) {
    endStep(d, open.scope, step, 'succeeded', output);
  },

  failed(d, open, step, settled) {
    if (!mayRetry(open, step, settled)) {
      failStep(d, open.scope, step, settled.error);
      return;
    }
    const { delay, backoff, maxDelay } = step.retry ?? { delay: 0, backoff: 1, maxDelay: 0 };
    // A first delay that is longer than the cap on growing ones was asked for by name.
    const policy = { delay, factor: backoff, max: Math.max(delay, maxDelay) };
    const wait = Math.max(
      backoffDelay(policy, open.attempts - open.attemptsBefore, d.moment.jitter),
      settled.retryAfter ?? 0,
    );
    const due = d.moment.at + wait;
    emit(d, {
      kind: 'step_waiting',
      address: open.address,
      data: { for: 'retry', due, poll: null, error: settled.error },
    });
    setTimer(d, open.address, 'retry', due);
  },

  unknown(d, open, _step, { error, asked }) {
    if (open.status === 'unknown' && open.asked) return;
    emit(d, { kind: 'step_unknown', address: open.address, data: { error, asked } });
    if (!asked) d.commands.push({ kind: 'reconcile', call: callOf(open), lost: false });
  },

  pending(d, open, _step, { poll, due }) {
    emit(d, { kind: 'step_waiting', address: open.address, data: { for: 'poll', due, poll, error: null } });
    setTimer(d, open.address, 'poll', due);
  },

  // The time that people take is not the step's: its time-out begins anew when they have decided.
  held(d, open, step, { item, due }) {
    emit(d, { kind: 'step_held', address: open.address, data: { item, due } });
    if (step.timeout !== undefined) clearTimer(d, open.address, 'timeout');
    if (due !== null) setTimer(d, open.address, 'deadline', due);
  },
};

/** Whether it waits for people, because the guard holds it. */
function isHeld(open: OpenStep): boolean {
  return open.status === 'waiting' && open.waiting === undefined && open.approval !== undefined;
}

function mayRetry(open: OpenStep, step: ActionStep, settled: Extract<Settled, { status: 'failed' }>): boolean {
  const { retry } = step;
  if (!retry || open.timedOut || open.attempts - open.attemptsBefore >= retry.attempts) return false;
  if (retry.on.length === 0) return settled.retryable;
  return isNamed(settled.error, retry.on) && (settled.retryable || settled.performed === 'no');
}

const timers: { readonly [Kind in TimerKind]?: (d: Deciding, open: OpenStep, step: ActionStep) => void } = {
  retry(d, open, step) {
    clearTimer(d, open.address, 'retry');
    if (open.waiting?.for !== 'retry') return;
    if (step.recheck && !holds(d, seenFrom(open.scope, step), step, step.recheck)) {
      endStep(d, open.scope, step, 'skipped');
      return;
    }
    const data = { attempt: open.attempts + 1, input: open.input };
    emit(d, { kind: 'step_started', address: open.address, data });
    d.commands.push({ kind: 'perform', call: callOf(open) });
  },

  // The stored timer stays until the answer is durable, so that a crash in between asks again.
  poll(d, open) {
    const { waiting } = open;
    if (waiting?.for === 'poll') d.commands.push({ kind: 'poll', call: callOf(open), poll: waiting.poll ?? {} });
    else clearTimer(d, open.address, 'poll');
  },

  deadline(d, open) {
    if (isHeld(open)) expireInbox(d, open);
    else clearTimer(d, open.address, 'deadline');
  },

  timeout(d, open, step) {
    clearTimer(d, open.address, 'timeout');
    if (open.status === 'running') {
      // What the call did is not known before its answer (or its loss) is: the answer decides.
      emit(d, { kind: 'step_timed_out', address: open.address, data: {} });
      d.commands.push({ kind: 'abort', address: open.address });
    } else if (open.status === 'waiting') {
      const timeout = formatDuration(step.timeout ?? 0);
      failStep(d, open.scope, step, errorValue(errors.timeout({ step: open.address, timeout }), open.address));
    }
  },
};

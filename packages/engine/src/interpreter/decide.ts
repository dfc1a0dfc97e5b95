import { formatDuration } from '@counterpoint/core';
import type { Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { childOf } from '../steps/call.ts';
import { stepKinds } from '../steps/kinds.ts';
import { callOf, clearTimer, type Deciding, emit, enterList, kindOf, newDeciding, stepOf } from './deciding.ts';
import type { Entry } from './entries.ts';
import { errorValue } from './error-value.ts';
import { attempt, cancelWithin, failStep, workThrough } from './flow.ts';
import type { Command, Happening, Moment, TimerKind } from './happening.ts';
import { endMain, endRun } from './phases.ts';
import { hasBegun, type OpenStep, type RunState } from './state.ts';
import { heldBack, migrate, pause, resume, retry, skip } from './steering.ts';

/** What follows from a happening: facts (already folded into the state) and what is to be done once they are durable. */
export interface Decision {
  readonly entries: readonly Entry[];
  readonly commands: readonly Command[];
}

/**
 * Decides what follows from a happening, and advances `state` by it. Pure but for that: time and chance come with
 * `moment`, ids are derived from run and address, nothing is read or written elsewhere. A happening that no longer
 * matters (its step has ended or moved on, the run has ended) gives no entries.
 */
export function decide(plan: Plan, state: RunState, happening: Happening, moment: Moment): Decision {
  const d = newDeciding(stepKinds, plan, state, moment);
  if (state.phase !== 'ended') {
    if (!heldBack(d, happening)) handle(d, happening);
    workThrough(d);
  }
  return { entries: d.entries, commands: d.commands };
}

function handle(d: Deciding, happening: Happening): void {
  (handlers[happening.kind] as (d: Deciding, happening: Happening) => void)(d, happening);
}

type Handlers = {
  readonly [Kind in Happening['kind']]: (d: Deciding, happening: Extract<Happening, { kind: Kind }>) => void;
};

const handlers: Handlers = {
  start(d) {
    if (hasBegun(d.state)) return;
    if (d.plan.timeout !== undefined) {
      const due = d.moment.at + d.plan.timeout;
      d.commands.push({ kind: 'set_timer', address: '', timer: 'timeout', due });
    }
    enterList(d, d.state.root, { kind: 'phase', phase: 'main' }, d.plan.steps);
  },

  continue(d) {
    if (d.state.paused) return;
    for (const open of d.state.open.values()) {
      if (open.status !== 'ready') continue;
      if (open.wants) d.commands.push({ kind: 'lookup', address: open.address, wants: open.wants });
      else d.queue.push({ kind: 'begin', scope: open.scope, step: stepOf(d, open.id) });
    }
  },

  settled(d, { address, attempt: number, settled, child }) {
    const open = d.state.open.get(address);
    if (!open || (child === undefined ? !isCurrentAttempt(open, number) : childOf(d, open) !== child)) return;
    const step = stepOf(d, open.id);
    attempt(d, open.scope, step, () => kindOf(d, step).settled?.(d, open, step, settled));
  },

  not_sent(d, { address }) {
    const open = d.state.open.get(address);
    if (open?.status !== 'running') return;
    d.commands.push({ kind: 'perform', call: callOf(open) });
  },

  lost(d, { address }) {
    const open = d.state.open.get(address);
    if (open) kindOf(d, stepOf(d, open.id)).recover?.(d, open, stepOf(d, open.id));
  },

  timer_due(d, { address, timer }) {
    if (address === '') {
      runTimedOut(d);
      return;
    }
    const open = d.state.open.get(address);
    if (open) timerDue(d, open, timer);
    else clearTimer(d, address, timer);
  },

  recovered(d) {
    for (const open of [...d.state.open.values()]) {
      const step = stepOf(d, open.id);
      if (open.status !== 'ready') kindOf(d, step).recover?.(d, open, step);
    }
    if (hasBegun(d.state)) handlers.continue(d, { kind: 'continue' });
    else handlers.start(d, { kind: 'start' });
  },

  cancel(d, { principal, reason }) {
    const error = { code: 'engine.cancelled', name: 'cancelled', message: `${reason} (${principal})`, step: '' };
    const ending = { status: 'cancelled', outputs: null, error } as const;
    const { phase, paused, ending: decided } = d.state;
    // It is being cancelled already: what handles that is not cut short by being asked again.
    if (decided?.status === 'cancelled') return;
    if (paused) emit(d, { kind: 'run_resumed', address: '', data: { principal, reason, request: '' } });
    cancelWithin(d, '');
    if (phase === 'main' || phase === 'on_error') endMain(d, ending);
    else endRun(d, ending);
  },

  resolved(d, { address, happened, output }) {
    const open = d.state.open.get(address);
    if (open?.status !== 'unknown') return;
    const step = stepOf(d, open.id);
    const reason = open.error?.message ?? 'a person said so';
    const error = errorValue(errors.not_performed({ step: address, reason }), address);
    const settled = happened
      ? ({ status: 'succeeded', output } as const)
      : ({ status: 'failed', error, retryable: true, retryAfter: undefined, performed: 'no' } as const);
    attempt(d, open.scope, step, () => kindOf(d, step).settled?.(d, open, step, settled));
  },

  arrived(d, happening) {
    const open = d.state.open.get(happening.address);
    if (open?.status !== 'waiting') return;
    const step = stepOf(d, open.id);
    attempt(d, open.scope, step, () => kindOf(d, step).arrived?.(d, open, step, happening));
  },

  looked_up(d, { address, rows }) {
    const open = d.state.open.get(address);
    if (!open?.wants) return;
    emit(d, { kind: 'looked_up', address, data: { rows } });
    d.queue.push({ kind: 'begin', scope: open.scope, step: stepOf(d, open.id) });
  },

  lookup_failed(d, { address, error }) {
    const open = d.state.open.get(address);
    if (open?.wants) failStep(d, open.scope, stepOf(d, open.id), error);
  },

  too_long(d, { error }) {
    const { phase, ending } = d.state;
    cancelWithin(d, '');
    if (phase === 'main') endMain(d, { status: 'failed', outputs: null, error });
    else endRun(d, ending ?? { status: 'failed', outputs: null, error });
  },

  decided(d, happening) {
    const open = d.state.open.get(happening.address);
    if (open?.status !== 'waiting' || open.approval?.item !== happening.item) return;
    const step = stepOf(d, open.id);
    attempt(d, open.scope, step, () => kindOf(d, step).decided?.(d, open, step, happening));
  },

  pause,

  resume(d, happening) {
    const held = resume(d, happening);
    if (!held) return;
    for (const one of held) if (d.state.phase !== 'ended') handle(d, one);
    handlers.continue(d, { kind: 'continue' });
  },

  retry,
  skip,
  migrate,

  defect(d, { error }) {
    cancelWithin(d, '');
    endRun(d, { status: 'failed', outputs: null, error });
  },
};

/** Whether an answer is for the attempt that the step is making, not for one before an operator had it run anew. */
function isCurrentAttempt({ attempts, attemptsBefore, generation }: OpenStep, attempt: number): boolean {
  return attempts === attempt && (generation === 0 || attempt > attemptsBefore);
}

function timerDue(d: Deciding, open: OpenStep, timer: TimerKind): void {
  const step = stepOf(d, open.id);
  const rule = kindOf(d, step).timerDue;
  if (rule) attempt(d, open.scope, step, () => rule(d, open, step, timer));
  else if (timer === 'timeout') {
    const timeout = formatDuration(step.timeout ?? 0);
    kindOf(d, step).cancel?.(d, open, step);
    failStep(d, open.scope, step, errorValue(errors.timeout({ step: open.address, timeout }), open.address));
  } else clearTimer(d, open.address, timer);
}

function runTimedOut(d: Deciding): void {
  clearTimer(d, '', 'timeout');
  if (d.state.phase !== 'main' || d.plan.timeout === undefined) return;
  cancelWithin(d, '');
  const error = errorValue(errors.run_timeout({ timeout: formatDuration(d.plan.timeout) }), '');
  endMain(d, { status: 'failed', outputs: null, error });
}

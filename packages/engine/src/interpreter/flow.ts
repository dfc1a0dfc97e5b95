import { defaultLimits, isCounterpointError, type Json } from '@counterpoint/core';
import type { Step } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import {
  at,
  clearTimer,
  type Deciding,
  emit,
  holds,
  kindOf,
  placeOf,
  RowsWanted,
  setTimer,
  stepOf,
} from './deciding.ts';
import { type ErrorValue, errorValue } from './error-value.ts';
import { isRoundOf } from './fan-out.ts';
import { phaseEnded } from './phases.ts';
import { isLoop, type Owner } from './plan-index.ts';
import { exceeds } from './size.ts';
import { joinAddress, type OpenStep, type Scope, splitAddress } from './state.ts';

/** Works through the queue. */
export function workThrough(d: Deciding): void {
  for (let next = 0; next < d.queue.length; next++) {
    const task = d.queue[next];
    if (task?.kind === 'begin') beginStep(d, task.scope, task.step);
    else if (task?.kind === 'list_ended') listEnded(d, task.scope, task.owner, undefined);
  }
  if (d.budget <= 0 && d.state.phase !== 'ended') d.commands.push({ kind: 'continue' });
}

function beginStep(d: Deciding, scope: Scope, step: Step): void {
  if (!isCurrent(d, scope, step)) return;
  if (d.state.paused) {
    if (!d.state.open.has(at(scope, step))) emit(d, { kind: 'step_ready', address: at(scope, step), data: {} });
    return;
  }
  d.budget -= 1;
  if (d.budget < 0) {
    emit(d, { kind: 'step_ready', address: at(scope, step), data: {} });
    return;
  }
  begun(d, scope, step, () => {
    const open = d.state.open.get(at(scope, step));
    const { again } = kindOf(d, step);
    if (open?.input && open.generation > 0 && again) again(d, open, step);
    else if (step.guard && !isRoundOf(scope, step) && !holds(d, scope, step, step.guard)) {
      endStep(d, scope, step, 'skipped');
      return;
    } else kindOf(d, step).begin(d, scope, step);
    if (step.timeout !== undefined && d.state.open.has(at(scope, step))) {
      setTimer(d, at(scope, step), 'timeout', d.moment.at + step.timeout);
    }
  });
}

/**
 * Runs what a step does when it begins. When that asks for rows of tables that are not known yet, they are looked up
 * first, and the step begins anew: nothing was recorded by then, since looking up ends with the first fact.
 */
function begun(d: Deciding, scope: Scope, step: Step, rules: () => void): void {
  const address = at(scope, step);
  d.beginning = { address, wants: undefined };
  try {
    attempt(d, scope, step, rules);
  } catch (error) {
    if (!(error instanceof RowsWanted)) throw error;
    emit(d, { kind: 'lookup_began', address, data: { wants: error.wants } });
    d.commands.push({ kind: 'lookup', address, wants: error.wants });
  } finally {
    d.beginning = undefined;
  }
}

/** Whether what was queued still stands: a block around it may have ended in the meantime. */
function isCurrent(d: Deciding, scope: Scope, step: Step): boolean {
  if (d.state.scopes.get(scope.prefix) !== scope) return false;
  if (isRoundOf(scope, step)) return scope.parent !== undefined && d.state.open.has(at(scope.parent, step));
  const { owner } = placeOf(d, step);
  if (owner.kind === 'phase') return d.state.phase === owner.phase;
  const outer = isLoop(owner.step) ? scope.parent : scope;
  return outer !== undefined && d.state.open.has(at(outer, owner.step));
}

/** Runs part of a step's rules; an expected error (such as one of an expression) fails the step. */
export function attempt(d: Deciding, scope: Scope, step: Step, rules: () => void): void {
  try {
    rules();
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    failStep(d, scope, step, errorValue(error, at(scope, step)));
  }
}

/**
 * Ends a step well (or skips it) and goes on behind it.
 *
 * @throws engine.output_too_large, which fails the step; its parts alone (those of a loop) may each have been small enough
 */
export function endStep(d: Deciding, scope: Scope, step: Step, status: 'succeeded' | 'skipped', output?: Json): void {
  const limit = defaultLimits.outputBytes;
  if (exceeds(output, limit)) throw errors.output_too_large({ step: step.id, limit });
  const address = at(scope, step);
  clearTimersOf(d, d.state.open.get(address), step);
  emit(d, { kind: 'step_ended', address, data: output === undefined ? { status } : { status, output } });
  goOn(d, scope, step);
}

/** Ends a step badly: what still goes on inside it is cancelled, then the error goes to the block around it. */
export function failStep(d: Deciding, scope: Scope, step: Step, error: ErrorValue): void {
  const address = at(scope, step);
  if (d.state.open.get(address)?.frame) cancelWithin(d, address);
  clearTimersOf(d, d.state.open.get(address), step);
  emit(d, { kind: 'step_ended', address, data: { status: 'failed', error } });
  if (isRoundOf(scope, step)) listEnded(d, scope, roundOf(step), error);
  else if (step.onFailure === 'continue') goOn(d, scope, step);
  else listEnded(d, scope, placeOf(d, step).owner, error);
}

/** Goes on behind a step that has ended. */
export function goOn(d: Deciding, scope: Scope, step: Step): void {
  if (isRoundOf(scope, step)) {
    listEnded(d, scope, roundOf(step), undefined);
    return;
  }
  const { list, index, owner } = placeOf(d, step);
  const next = list[index + 1];
  if (next) d.queue.push({ kind: 'begin', scope, step: next });
  else listEnded(d, scope, owner, undefined);
}

/** What a round of a step that acts on several targets belongs to: the step itself. */
function roundOf(step: Step): Owner {
  return { kind: 'part', step, part: 'target' };
}

/** A list of steps came to its end, or was left because of `error`. */
function listEnded(d: Deciding, scope: Scope, owner: Owner, error: ErrorValue | undefined): void {
  if (owner.kind === 'phase') {
    phaseEnded(d, owner.phase, error);
    return;
  }
  const { step, part } = owner;
  const outer = isLoop(step) || isRoundOf(scope, step) ? scope.parent : scope;
  if (!outer || d.state.scopes.get(scope.prefix) !== scope || !d.state.open.has(at(outer, step))) return;
  attempt(d, outer, step, () => kindOf(d, step).partEnded?.(d, outer, step, { part, scope, error }));
}

/** Cancels what is open below the block at `address`, innermost last; for '' everything. */
export function cancelWithin(d: Deciding, address: string): void {
  const within = [...d.state.open.values()].filter((open) => open.address !== address && isWithin(d, open, address));
  for (const open of within.reverse()) cancelOne(d, open);
}

function cancelOne(d: Deciding, open: OpenStep): void {
  const step = stepOf(d, open.id);
  kindOf(d, step).cancel?.(d, open, step);
  clearTimersOf(d, open, step);
  emit(d, { kind: 'step_ended', address: open.address, data: { status: 'cancelled' } });
}

function isWithin(d: Deciding, open: OpenStep, address: string): boolean {
  if (address === '') return true;
  let current = open.address;
  for (;;) {
    const { prefix, id } = splitAddress(current);
    const owner = d.places.get(id)?.owner;
    if (isRoundOf({ prefix }, { id })) {
      current = prefix.slice(0, prefix.lastIndexOf('['));
      if (current === address) return true;
      continue;
    }
    if (owner?.kind !== 'part') return false;
    current = isLoop(owner.step) ? prefix.slice(0, prefix.lastIndexOf('[')) : joinAddress(prefix, owner.step.id);
    if (current === address) return true;
  }
}

/** Removes the stored timers of a step. */
export function clearTimersOf(d: Deciding, open: OpenStep | undefined, step: Step): void {
  if (!open) return;
  if (open.waiting) clearTimer(d, open.address, open.waiting.for);
  if (step.timeout !== undefined) clearTimer(d, open.address, 'timeout');
}

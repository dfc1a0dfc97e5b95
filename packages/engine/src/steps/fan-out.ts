import type { Json } from '@counterpoint/core';
import type { ActionStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { at, clearTimer, type Deciding, emit, type StepKind } from '../interpreter/deciding.ts';
import { fansOut, isRoundOf, TARGET, type Target } from '../interpreter/fan-out.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { ForeachFrame, Scope } from '../interpreter/state.ts';
import { actionKind } from './action.ts';
import { targetsOf } from './covered.ts';
import { indexOfRound } from './foreach.ts';

/** How many targets are acted on at the same time. */
const AT_ONCE = 10;

/**
 * `action`, also through a capability with `targets: all`: then the step acts once for every provider, found when it
 * begins and written down. Each target is a round with attempts, effect and lease of its own. Output: `results`, a
 * `{connection, output}` for each that succeeded, and `errors`, a `{connection, code, name, message, step}` for each
 * that failed. The step fails when all did.
 */
export const actionsKind: StepKind<ActionStep> = {
  ...actionKind,

  begin(d, scope, step) {
    const use = isRoundOf(scope, step) ? undefined : fansOut(d.plan, step);
    if (!use) {
      actionKind.begin(d, scope, step);
      return;
    }
    const items = targetsOf(d, step) ?? [];
    if (items.length === 0) throw errors.capability_unbound({ capability: use.capability, step: step.id });
    emit(d, { kind: 'foreach_entered', address: at(scope, step), data: { items, as: TARGET } });
    fill(d, scope, step);
  },

  partEnded(d, scope, step, { scope: round, error }) {
    const index = indexOfRound(round);
    const { connection } = round.names[TARGET] as Target;
    const output = Object.hasOwn(round.outputs, step.id) ? (round.outputs[step.id] ?? null) : null;
    const data = error ? { index, error } : { index, value: { connection, output } };
    emit(d, { kind: 'item_ended', address: at(scope, step), data });
    fill(d, scope, step);
  },

  timerDue(d, open, step, timer) {
    // The time-out holds for each target; theirs are due at the same moment.
    if (open.frame) clearTimer(d, open.address, timer);
    else actionKind.timerDue?.(d, open, step, timer);
  },
};

function fill(d: Deciding, scope: Scope, step: ActionStep): void {
  const address = at(scope, step);
  const frame = d.state.open.get(address)?.frame as ForeachFrame;
  while (frame.active.size < AT_ONCE && frame.next < frame.items.length) {
    const index = frame.next;
    emit(d, { kind: 'item_entered', address, data: { index } });
    d.queue.push({ kind: 'begin', scope: d.state.scopes.get(`${address}[${index}]`) as Scope, step });
  }
  if (frame.active.size > 0) return;
  const [first] = frame.failures;
  if (first && frame.failures.length === frame.items.length) failStep(d, scope, step, first.error);
  else endStep(d, scope, step, 'succeeded', outputOf(frame));
}

function outputOf(frame: ForeachFrame): Json {
  const failures = [...frame.failures].sort((a, b) => a.index - b.index);
  const collected = failures.map(({ index, error }) => {
    return { connection: (frame.items[index] as Target).connection, ...error };
  });
  return { results: frame.values.filter((value) => value !== undefined), errors: collected };
}

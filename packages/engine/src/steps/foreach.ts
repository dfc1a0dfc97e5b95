import { isCounterpointError, type Json } from '@counterpoint/core';
import type { ForeachStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { at, type Deciding, emit, enterPart, evaluate, type StepKind } from '../interpreter/deciding.ts';
import { type ErrorValue, errorValue } from '../interpreter/error-value.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { ForeachFrame, Scope } from '../interpreter/state.ts';

/**
 * `foreach`: the list `do` for every item, at most `max_parallel` of them at a time, entered in order. Output:
 * `items`, what the items that succeeded give, in the order of the list; and `errors`, with `on_item_error: collect` one
 * `{index, item, code, name, message, step}` for each that failed.
 */
export const foreachKind: StepKind<ForeachStep> = {
  immediate: false,

  begin(d, scope, step) {
    const items = evaluate(d, scope, step, step.items);
    if (!Array.isArray(items)) throw errors.not_a_list({ step: step.id, actual: describe(items) });
    if (items.length > step.maxItems) {
      throw errors.too_many_items({ step: step.id, count: items.length, limit: step.maxItems });
    }
    emit(d, { kind: 'foreach_entered', address: at(scope, step), data: { items, as: step.as } });
    fillWindow(d, scope, step);
  },

  partEnded(d, scope, step, { scope: round, error }) {
    const index = indexOfRound(round);
    const failed = error ?? endItem(d, scope, step, round, index);
    if (failed) {
      emit(d, { kind: 'item_ended', address: at(scope, step), data: { index, error: failed } });
      if (step.onItemError === 'fail') {
        failStep(d, scope, step, failed);
        return;
      }
    }
    fillWindow(d, scope, step);
  },
};

/** Index of the round whose scope this is: `verdicts[3]` gives 3. */
export function indexOfRound(round: Scope): number {
  return Number(round.prefix.slice(round.prefix.lastIndexOf('[') + 1, -1));
}

function endItem(d: Deciding, scope: Scope, step: ForeachStep, round: Scope, index: number): ErrorValue | undefined {
  try {
    const value = itemValue(d, step, round);
    emit(d, { kind: 'item_ended', address: at(scope, step), data: { index, value } });
    return undefined;
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return errorValue(error, at(scope, step));
  }
}

function itemValue(d: Deciding, step: ForeachStep, round: Scope): Json {
  if (step.yield) return evaluate(d, round, step, step.yield) as Json;
  const last = step.steps.at(-1);
  return (last && Object.hasOwn(round.outputs, last.id) ? round.outputs[last.id] : undefined) ?? null;
}

function fillWindow(d: Deciding, scope: Scope, step: ForeachStep): void {
  const address = at(scope, step);
  const frame = d.state.open.get(address)?.frame as ForeachFrame;
  while (frame.active.size < step.maxParallel && frame.next < frame.items.length) {
    const index = frame.next;
    emit(d, { kind: 'item_entered', address, data: { index } });
    enterPart(d, d.state.scopes.get(`${address}[${index}]`) as Scope, step, 'do', step.steps);
  }
  if (frame.active.size === 0) endStep(d, scope, step, 'succeeded', outputOf(frame, step));
}

function outputOf(frame: ForeachFrame, step: ForeachStep): Json {
  const items = frame.values.filter((value) => value !== undefined);
  if (step.onItemError !== 'collect') return { items, errors: [] };
  const failures = [...frame.failures].sort((a, b) => a.index - b.index);
  const collected = failures.map(({ index, error }) => ({ index, item: frame.items[index] ?? null, ...error }));
  return { items, errors: collected };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

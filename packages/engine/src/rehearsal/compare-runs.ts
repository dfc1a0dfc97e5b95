import { canonicalJson, type Json } from '@counterpoint/core';
import type { ObservedStep } from './observe.ts';
import type { ReplayedCall } from './replay-world.ts';
import { show } from './subset.ts';

/** How a run decided. */
export interface Decided {
  readonly status: string;
  /** Code of the error that ended it; empty without one. */
  readonly error: string;
  readonly outputs: Json;
  readonly steps: readonly ObservedStep[];
  readonly calls: readonly ReplayedCall[];
}

/** One thing that two runs decided differently. */
export interface DecisionDifference {
  readonly about: string;
  readonly before: string;
  readonly after: string;
}

/** In what two runs differ. */
export interface RunComparison {
  /** The first step, among those that both versions have, that went another way. */
  readonly first: { readonly step: string; readonly before: string; readonly after: string } | undefined;
  readonly differences: readonly DecisionDifference[];
  readonly newCalls: readonly ReplayedCall[];
  readonly droppedCalls: readonly ReplayedCall[];
}

/**
 * Compares how two runs decided: their ends, what they called with which arguments, and which way the steps went that
 * both versions have.
 *
 * @param shared whether both versions have a step with this id
 */
export function compareRuns(before: Decided, after: Decided, shared: (id: string) => boolean): RunComparison {
  const steps = stepDifferences(before.steps, after.steps, shared);
  const [first] = steps;
  const newCalls = without(after.calls, before.calls);
  const droppedCalls = without(before.calls, after.calls);
  return {
    first: first && { step: first.about.slice('step '.length), before: first.before, after: first.after },
    differences: [
      ...differ('status', before.status, after.status),
      ...differ('error', before.error, after.error),
      ...outputDifferences(before.outputs, after.outputs),
      ...argumentDifferences(droppedCalls, newCalls),
      ...steps,
    ],
    newCalls,
    droppedCalls,
  };
}

function differ(about: string, before: string, after: string): DecisionDifference[] {
  return before === after ? [] : [{ about, before: before || 'none', after: after || 'none' }];
}

function outputDifferences(before: Json, after: Json): DecisionDifference[] {
  if (!isMap(before) || !isMap(after)) {
    return canonicalJson(before) === canonicalJson(after)
      ? []
      : [{ about: 'outputs', before: show(before), after: show(after) }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null))
    .map((name) => ({ about: `outputs.${name}`, before: show(before[name]), after: show(after[name]) }));
}

/** Calls at the same step whose arguments differ, argument by argument. */
function argumentDifferences(dropped: readonly ReplayedCall[], added: readonly ReplayedCall[]): DecisionDifference[] {
  return added.flatMap((call) => {
    const old = dropped.find(({ address, name }) => address === call.address && name === call.name);
    if (!old) return [];
    return outputDifferences(old.with, call.with).map(({ about, ...values }) => ({
      about: `step ${call.address} ${about.replace('outputs', 'with')}`,
      ...values,
    }));
  });
}

const NOT_TAKEN = 'not taken';

function stepDifferences(
  before: readonly ObservedStep[],
  after: readonly ObservedStep[],
  shared: (id: string) => boolean,
): DecisionDifference[] {
  const old = statuses(before);
  const now = statuses(after);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((address) => {
    if (!shared(address.slice(address.lastIndexOf('.') + 1))) return [];
    return differ(`step ${address}`, old.get(address) ?? NOT_TAKEN, now.get(address) ?? NOT_TAKEN);
  });
}

/** A step that was left out did not take place, whether its guard was false or its branch was not taken. */
function statuses(steps: readonly ObservedStep[]): ReadonlyMap<string, string> {
  return new Map(steps.map(({ address, status }) => [address, status === 'skipped' ? NOT_TAKEN : status]));
}

/** The calls that have no equal among `others`: the same name and arguments, wherever they are made. */
function without(calls: readonly ReplayedCall[], others: readonly ReplayedCall[]): readonly ReplayedCall[] {
  const left = new Map<string, number>();
  for (const call of others) left.set(identity(call), (left.get(identity(call)) ?? 0) + 1);
  return calls.filter((call) => {
    const count = left.get(identity(call)) ?? 0;
    left.set(identity(call), count - 1);
    return count <= 0;
  });
}

function identity(call: ReplayedCall): string {
  return canonicalJson([call.name, call.with]);
}

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

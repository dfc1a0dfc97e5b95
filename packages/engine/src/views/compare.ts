import { canonicalJson, hashJson, type Json, type JsonObject } from '@counterpoint/core';
import type { Reader, RunRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { upcast } from '../interpreter/entries.ts';
import { compareRuns, type DecisionDifference } from '../rehearsal/compare-runs.ts';
import { createStepObserver, type ObservedStep } from '../rehearsal/observe.ts';
import type { ReplayedCall } from '../rehearsal/replay-world.ts';
import { show } from '../rehearsal/subset.ts';
import { placeOf } from './step-place.ts';
import { type RunFold, type StepRecord, type StepStatus, stepIdOf } from './step-record.ts';

/** One of two runs that are compared. */
export interface ComparedSide {
  /** With its values whole. */
  readonly run: RunRow;
  readonly fold: RunFold;
  /** Undefined: its version is gone. */
  readonly plan: Plan | undefined;
}

/** How one step went in two runs. */
export interface ComparedStep {
  readonly address: string;
  readonly step: string;
  readonly a: SteppedSide | null;
  readonly b: SteppedSide | null;
  readonly sameInput: boolean;
  readonly sameOutput: boolean;
}

interface SteppedSide {
  readonly status: StepStatus;
  /** Milliseconds; null: it has not ended. */
  readonly took: number | null;
}

/** A call that only one of two runs made. */
export interface ComparedCall {
  readonly address: string;
  readonly name: string;
  readonly with: Json;
}

/** In what two runs differ. */
export interface RunsCompared {
  /** The first step that went another way; undefined: none did. */
  readonly first: { readonly step: string; readonly before: string; readonly after: string } | undefined;
  readonly inputs: readonly DecisionDifference[];
  /** Of the ends and of what they gave. */
  readonly ends: readonly DecisionDifference[];
  /** In the order in which they began, those that differ in status, arguments or output before the others. */
  readonly steps: readonly ComparedStep[];
  readonly onlyA: readonly ComparedCall[];
  readonly onlyB: readonly ComparedCall[];
  /** There are more steps or calls than are given. */
  readonly more: boolean;
}

const PAGE = 1_000;
/** So many steps, and so many calls of each side, are given. */
const MOST = 500;

/** Compares two runs, of the same playbook or not: large values are compared without being loaded. */
export async function compareSides(reader: Reader, a: ComparedSide, b: ComparedSide): Promise<RunsCompared> {
  const [before, after] = [await gather(reader, a), await gather(reader, b)];
  const known = a.plan && b.plan ? { a: a.plan.byId, b: b.plan.byId } : undefined;
  const shared = (id: string): boolean => known === undefined || (known.a.has(id) && known.b.has(id));
  const { first, differences, newCalls, droppedCalls } = compareRuns(
    { ...endOf(a.run), steps: before.steps, calls: before.calls },
    { ...endOf(b.run), steps: after.steps, calls: after.calls },
    shared,
  );
  const steps = comparedSteps(a, b, before, after);
  return {
    first,
    inputs: inputDifferences(a.run.inputs, b.run.inputs),
    ends: differences.filter(({ about }) => !about.startsWith('step ')),
    steps: steps.slice(0, MOST),
    onlyA: droppedCalls.slice(0, MOST).map(callView),
    onlyB: newCalls.slice(0, MOST).map(callView),
    more: steps.length > MOST || droppedCalls.length > MOST || newCalls.length > MOST,
  };
}

interface Gathered {
  readonly steps: readonly ObservedStep[];
  readonly calls: readonly ReplayedCall[];
  /** Hashes by address. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
}

async function gather(reader: Reader, { run, fold, plan }: ComparedSide): Promise<Gathered> {
  const observer = createStepObserver();
  const calls = new Map<string, ReplayedCall>();
  const inputs = new Map<string, string>();
  const outputs = new Map<string, string>();
  for (let seq = 0; ; ) {
    const rows = await reader.find('journal', {
      where: { run: run.id, seq: { gt: seq } },
      orderBy: [{ column: 'seq' }],
      limit: PAGE,
    });
    for (const row of rows) {
      const entry = upcast(row);
      observer.add(entry);
      const { address } = entry;
      if (entry.kind === 'step_started' && entry.data.input !== null) {
        inputs.set(address, hashJson(entry.data.input));
        const call = callOf(plan, fold.records.get(address), entry.data.input);
        if (call) calls.set(address, call);
      } else if (entry.kind === 'step_ended' && entry.data.output !== undefined) {
        outputs.set(address, hashJson(entry.data.output));
      }
    }
    seq = rows.at(-1)?.seq ?? seq;
    if (rows.length < PAGE) return { steps: observer.steps(), calls: [...calls.values()], inputs, outputs };
  }
}

function callOf(plan: Plan | undefined, record: StepRecord | undefined, input: JsonObject): ReplayedCall | undefined {
  if (!record) return undefined;
  const { kind, does } = placeOf(plan, record);
  if (kind !== 'action' && kind !== 'call' && kind !== 'step') return undefined;
  const name = does === '' ? record.id : does;
  return { address: record.address, name, effect: null, with: input, succeeded: record.status === 'succeeded' };
}

function endOf({ status, error, outputs }: RunRow) {
  return { status, error: String((error as JsonObject | null)?.code ?? ''), outputs };
}

function inputDifferences(before: Json, after: Json): readonly DecisionDifference[] {
  const [a, b] = [(before ?? {}) as JsonObject, (after ?? {}) as JsonObject];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names
    .filter((name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null))
    .map((name) => ({ about: name, before: show(a[name]), after: show(b[name]) }));
}

function comparedSteps(a: ComparedSide, b: ComparedSide, before: Gathered, after: Gathered): readonly ComparedStep[] {
  const addresses = new Set([...a.fold.records.keys(), ...b.fold.records.keys()]);
  const differing: ComparedStep[] = [];
  const same: ComparedStep[] = [];
  for (const address of addresses) {
    const [one, other] = [a.fold.records.get(address), b.fold.records.get(address)];
    if ((one ?? other)?.round !== null) continue;
    const step: ComparedStep = {
      address,
      step: stepIdOf(address),
      a: sideOf(one),
      b: sideOf(other),
      sameInput: before.inputs.get(address) === after.inputs.get(address),
      sameOutput: before.outputs.get(address) === after.outputs.get(address),
    };
    const differs = step.a?.status !== step.b?.status || !step.sameInput || !step.sameOutput;
    (differs ? differing : same).push(step);
  }
  return [...differing, ...same];
}

function sideOf(record: StepRecord | undefined): SteppedSide | null {
  if (!record) return null;
  const { status, startedAt, endedAt } = record;
  return { status, took: startedAt === null || endedAt === null ? null : endedAt - startedAt };
}

function callView({ address, name, with: input }: ReplayedCall): ComparedCall {
  return { address, name, with: input };
}

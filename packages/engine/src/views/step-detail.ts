import type { Json, JsonObject } from '@counterpoint/core';
import type { EffectRow, InboxItemRow, JournalRow, RunRow, TimerRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';
import { stepReference } from '../worker/causality.ts';
import { type ListSources, storedInput, storedOutput } from './list-steps.ts';
import { previewOf } from './preview.ts';
import { type StepVerbs, verbsOfStep } from './steering-verbs.ts';
import { placeOf, type StepPlace } from './step-place.ts';
import type { RunFold, StepRecord } from './step-record.ts';

/** Everything about one step or round of a run. */
export interface StepDetail {
  readonly record: StepRecord;
  readonly place: StepPlace;
  /** Its arguments, conditions or items, whole; null when there are none. */
  readonly input: Json;
  readonly output: Json;
  /** The whole error; the one in the record is shortened. */
  readonly error: ErrorValue | null;
  /** What was noted about it, with values as they are stored. */
  readonly facts: readonly JournalRow[];
  readonly timers: readonly TimerRow[];
  readonly effects: readonly EffectRow[];
  readonly matters: readonly InboxItemRow[];
  /** Runs that it called. */
  readonly calls: readonly RunRow[];
  /** Of a round of a loop: the rounds before and after it, as addresses. */
  readonly before: string | null;
  readonly after: string | null;
  readonly verbs: StepVerbs;
}

const MANY = 200;

/** Reads one step. @throws engine.step_unheard, engine.value_missing */
export async function readStep(
  { reader, values }: ListSources,
  run: RunRow,
  fold: RunFold,
  plan: Plan | undefined,
  address: string,
): Promise<StepDetail> {
  const record = fold.records.get(address);
  if (!record) throw errors.step_unheard({ address, run: run.id });
  const where = { run: run.id, address };
  const wanted = [record.inputSeq, record.outputSeq, record.seqs.at(-1)].flatMap((seq) => seq ?? []);
  const [facts, whole, timers, effects, matters, calls] = await Promise.all([
    reader.find('journal', { where: { run: run.id, seq: { in: record.seqs.slice(-MANY) } }, limit: MANY }),
    values.find('journal', { where: { run: run.id, seq: { in: [...new Set(wanted)] } }, limit: 3 }),
    reader.find('timers', { where, limit: MANY }),
    reader.find('effects', { where, orderBy: [{ column: 'created_at' }], limit: MANY }),
    reader.find('inbox_items', { where, orderBy: [{ column: 'created_at' }], limit: MANY }),
    reader.find('runs', { where: { parent: stepReference(run.id, address) }, limit: MANY }),
  ]);
  const entries = new Map(whole.map((entry) => [entry.seq, entry]));
  const { before, after } = neighbours(fold, record);
  return {
    record,
    place: placeOf(plan, record),
    input: storedInput(record, entries) ?? null,
    output: storedOutput(record, entries) ?? null,
    error: wholeError(record, entries),
    facts,
    timers,
    effects,
    matters,
    calls,
    before,
    after,
    verbs: verbsOfStep(run, record, plan),
  };
}

function wholeError({ error, seqs }: StepRecord, entries: ReadonlyMap<number, JournalRow>): ErrorValue | null {
  const last = entries.get(seqs.at(-1) ?? 0)?.data as JsonObject | undefined;
  return (last?.error as ErrorValue | null | undefined) ?? error;
}

function neighbours({ records }: RunFold, { scope, round }: StepRecord) {
  const at = (index: number): string | null => {
    const address = `${scope}[${index}]`;
    return records.has(address) ? address : null;
  };
  return round === null ? { before: null, after: null } : { before: at(round - 1), after: at(round + 1) };
}

/** A fact with its data cut to what a list shows. */
export function factPreview({ seq, kind, at, data }: JournalRow) {
  return { seq, kind, at, preview: previewOf(data)?.text ?? '' };
}

import type { Json } from '@counterpoint/core';
import type { EffectRow, JournalRow, Reader, RunRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import type { ValueStore } from '../worker/values.ts';
import { inputIn, outputIn, previewOf, type ValuePreview } from './preview.ts';
import { placeOf, type StepPlace } from './step-place.ts';
import type { RunFold, StepRecord, StepStatus } from './step-record.ts';

/** Which steps of a run are wanted. */
export interface StepFilter {
  /**
   * Only what stands directly in a round (`each[3]`) or the rounds of a loop (`each`); empty: what is in no loop.
   * Undefined: everything.
   */
  readonly under?: string | undefined;
  /** Empty: all. */
  readonly status: readonly StepStatus[];
  /** Only those with this text in their address, error, arguments or output, whatever its case. */
  readonly q?: string | undefined;
  /** Behind the step with this ordinal. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** A step or round as lists show it. */
export interface ListedStep {
  readonly record: StepRecord;
  readonly place: StepPlace;
  readonly input: ValuePreview | null;
  readonly output: ValuePreview | null;
  /** The last ledger entry of the step; undefined without one. */
  readonly effect: EffectRow | undefined;
}

/** So many entries are looked through for a text at a time. */
const CHUNK = 400;

/** What listing reads from. */
export interface ListSources {
  readonly reader: Reader;
  readonly values: Pick<ValueStore, 'find'>;
}

/** Lists the steps of a run in the order in which they were first heard of. */
export async function listSteps(
  sources: ListSources,
  run: Pick<RunRow, 'id'>,
  fold: RunFold,
  plan: Plan | undefined,
  filter: StepFilter,
): Promise<{ readonly steps: readonly ListedStep[]; readonly next: number | null }> {
  const found: ListedStep[] = [];
  const candidates = candidatesOf(fold, filter);
  const size = filter.q === undefined ? filter.limit + 1 : CHUNK;
  for (let from = 0; from < candidates.length && found.length <= filter.limit; from += size) {
    const chunk = candidates.slice(from, from + size);
    const entries = await entriesOf(sources, run.id, chunk);
    for (const record of chunk) {
      const step = listed(record, placeOf(plan, record), entries);
      if (filter.q === undefined || holds(step, filter.q.toLowerCase(), entries)) found.push(step);
      if (found.length > filter.limit) break;
    }
  }
  const page = found.slice(0, filter.limit);
  const effects = await effectsOf(sources.reader, run.id, page);
  const steps = page.map((step) => ({ ...step, effect: effects.get(step.record.address) }));
  return { steps, next: found.length > filter.limit ? (page.at(-1)?.record.ordinal ?? null) : null };
}

function candidatesOf({ records }: RunFold, { under, status, after }: StepFilter): readonly StepRecord[] {
  const wanted: StepRecord[] = [];
  for (const record of records.values()) {
    if (after !== undefined && record.ordinal <= after) continue;
    if (under !== undefined && record.scope !== under) continue;
    if (status.length > 0 && !status.includes(record.status)) continue;
    wanted.push(record);
  }
  return wanted;
}

type Entries = ReadonlyMap<number, JournalRow>;

/** The entries that hold what the steps took and gave, as they are stored. */
async function entriesOf(sources: ListSources, run: string, records: readonly StepRecord[]): Promise<Entries> {
  const wanted = new Set<number>();
  for (const { inputSeq, outputSeq } of records) {
    if (inputSeq !== null) wanted.add(inputSeq);
    if (outputSeq !== null) wanted.add(outputSeq);
  }
  const entries = new Map<number, JournalRow>();
  const all = [...wanted];
  for (let from = 0; from < all.length; from += CHUNK) {
    const seq = { in: all.slice(from, from + CHUNK) };
    const rows = await sources.reader.find('journal', { where: { run, seq }, limit: CHUNK });
    for (const row of rows) entries.set(row.seq, row);
  }
  await wholeItems(sources, run, records, entries);
  return entries;
}

/** The items of a loop are looked at one by one, also when their list is large. */
async function wholeItems(
  { values }: ListSources,
  run: string,
  records: readonly StepRecord[],
  entries: Map<number, JournalRow>,
): Promise<void> {
  const loops = new Set(records.flatMap(({ round, inputSeq }) => (round === null ? [] : (inputSeq ?? []))));
  for (const seq of loops) {
    const { items } = (entries.get(seq)?.data ?? {}) as { readonly items?: Json };
    if (items === undefined || Array.isArray(items)) continue;
    const [whole] = await values.find('journal', { where: { run, seq }, limit: 1 });
    if (whole) entries.set(seq, whole);
  }
}

/** What a step or round took, as it is stored: of a round its item. */
export function storedInput({ round, inputSeq }: StepRecord, entries: Entries): Json | undefined {
  const entry = inputSeq === null ? undefined : entries.get(inputSeq);
  if (!entry) return undefined;
  if (round === null) return inputIn(entry);
  const { items } = entry.data as { readonly items?: Json };
  return Array.isArray(items) ? ((items as readonly Json[])[round] ?? undefined) : undefined;
}

/** What a step or round gave, as it is stored. */
export function storedOutput({ id, outputSeq }: StepRecord, entries: Entries): Json | undefined {
  const entry = outputSeq === null ? undefined : entries.get(outputSeq);
  return entry && outputIn(entry, id);
}

function listed(record: StepRecord, place: StepPlace, entries: Entries): ListedStep {
  return {
    record,
    place,
    input: previewOf(storedInput(record, entries)),
    output: previewOf(storedOutput(record, entries)),
    effect: undefined,
  };
}

function holds({ record, place }: ListedStep, text: string, entries: Entries): boolean {
  const values = [storedInput(record, entries), storedOutput(record, entries)];
  const texts = [record.address, place.title, place.does, record.error?.code, record.error?.message];
  return [...texts, ...values.map((value) => (value === undefined ? undefined : JSON.stringify(value)))].some((one) =>
    one?.toLowerCase().includes(text),
  );
}

async function effectsOf(
  reader: Reader,
  run: string,
  steps: readonly ListedStep[],
): Promise<ReadonlyMap<string, EffectRow>> {
  const addresses = steps.flatMap(({ record, place }) =>
    place.kind === 'action' || place.kind === 'step' ? [record.address] : [],
  );
  if (addresses.length === 0) return new Map();
  const rows = await reader.find('effects', {
    where: { run, address: { in: addresses }, undo_of: '' },
    orderBy: [{ column: 'created_at' }],
    limit: 2_000,
  });
  return new Map(rows.map((row) => [row.address, row]));
}

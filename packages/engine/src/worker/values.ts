import { createHash } from 'node:crypto';
import type { Clock, Json, JsonObject } from '@counterpoint/core';
import type { Change, JournalRow, Reader, RowWrite, RunRow, RunWrite, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { mayExceed } from '../interpreter/size.ts';
import { escapeValue, readReference, unescapeValue, type ValueReference, writeReference } from './value-reference.ts';

/** Values whose JSON takes more bytes than this lie in blobs. */
const LARGE = 64 * 1024;

/** How many blobs are read at a time. */
const PAGE = 16;

/**
 * A store as the engine sees it. Large values of runs (event, inputs, outputs, error; the members of a journal entry's
 * data) are written once as a blob, in the same commit, and carried as references; `get` of a run and `find` in the
 * journal give them back whole. `find` of runs leaves references as they are.
 */
export interface ValueStore extends Store {
  /** Under which reference this very object was stored; undefined when it was small, or is a part of another. */
  referenceOf(value: object): ValueReference | undefined;
  /** Finds out which members of a journal entry's data will be stored under which references, before they are. */
  recognise(data: JsonObject): void;
  /** The values of references, by their ids. @throws engine.value_missing */
  valuesOf(run: string, references: readonly ValueReference[]): Promise<ReadonlyMap<string, Json>>;
}

const RUN_VALUES = ['inputs', 'event', 'outputs', 'error'] as const;

/** Makes a {@link ValueStore} over a store. */
export function keepValuesApart(store: Store, clock: Clock): ValueStore {
  const known = new WeakMap<object, ValueReference>();
  const valuesOf: ValueStore['valuesOf'] = (run, references) => loadValues(store, known, run, references);
  return {
    ...store,
    commit: (change) => store.commit(carryChange(known, clock, change)),
    async get(table, id) {
      const row = await store.get(table, id);
      return table === 'runs' && row ? ((await hydrateRun(valuesOf, row as RunRow)) as typeof row) : row;
    },
    async find(table, query) {
      const rows = await store.find(table, query);
      return table === 'journal'
        ? ((await hydrateEntries(valuesOf, rows as readonly JournalRow[])) as unknown as typeof rows)
        : rows;
    },
    referenceOf: (value) => known.get(value),
    recognise: (data) => void carryMembers({ known, at: 0, rows: [] }, '', data),
    valuesOf,
  };
}

interface Carrying {
  readonly known: WeakMap<object, ValueReference>;
  readonly at: number;
  readonly rows: RowWrite[];
}

function carryChange(known: WeakMap<object, ValueReference>, clock: Clock, change: Change): Change {
  if (!change.runs && !change.journal) return change;
  const carrying: Carrying = { known, at: clock.now(), rows: [] };
  const runs = change.runs && mapChanged(change.runs, (write) => carryRun(carrying, write));
  const journal =
    change.journal &&
    mapChanged(change.journal, (entry) => {
      const data = carryMembers(carrying, entry.run, entry.data as JsonObject);
      return data === entry.data ? entry : { ...entry, data };
    });
  if (runs === change.runs && journal === change.journal) return change;
  const rows = carrying.rows.length === 0 ? change.rows : [...(change.rows ?? []), ...carrying.rows];
  return { ...change, ...(runs && { runs }), ...(journal && { journal }), ...(rows && { rows }) };
}

/** Maps a list; gives the list itself when nothing in it changed. */
function mapChanged<Item>(list: readonly Item[], map: (item: Item) => Item): readonly Item[] {
  let changed: Item[] | undefined;
  for (const [index, item] of list.entries()) {
    const mapped = map(item);
    if (mapped === item) continue;
    changed ??= [...list];
    changed[index] = mapped;
  }
  return changed ?? list;
}

function carryRun(carrying: Carrying, write: RunWrite): RunWrite {
  if (write.op === 'create') {
    const row = carryRowValues(carrying, write.row.id, write.row);
    return row === write.row ? write : { ...write, row };
  }
  if (write.op !== 'advance') return write;
  const set = carryRowValues(carrying, write.id, write.set);
  return set === write.set ? write : { ...write, set };
}

function carryRowValues<Row extends Partial<RunRow>>(carrying: Carrying, run: string, row: Row): Row {
  let changed: Row | undefined;
  for (const column of RUN_VALUES) {
    const value = row[column];
    if (value === undefined || value === null) continue;
    const stored = carry(carrying, run, value);
    if (stored !== value) changed = { ...(changed ?? row), [column]: stored };
  }
  return changed ?? row;
}

function carryMembers(carrying: Carrying, run: string, data: JsonObject): JsonObject {
  const large = mayExceed(data, LARGE);
  let changed: Record<string, Json> | undefined;
  for (const name in data) {
    const value = data[name];
    if (typeof value !== 'object' && !(large && typeof value === 'string')) continue;
    const stored = large ? carry(carrying, run, value) : escapeValue(value);
    if (stored === value) continue;
    changed ??= { ...data };
    changed[name] = stored;
  }
  return changed ?? data;
}

function carry({ known, at, rows }: Carrying, run: string, value: Json): Json {
  if (!mayExceed(value, LARGE)) return escapeValue(value);
  const bytes = Buffer.from(JSON.stringify(value));
  if (bytes.length <= LARGE) return escapeValue(value);
  const reference = { id: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
  const { id, size } = reference;
  // Written anew although it may exist: the fresh time keeps a blob from being collected while it gets a new reference.
  rows.push(
    { op: 'put', table: 'blobs', row: { id, bytes, size, created_at: at } },
    { op: 'put', table: 'blob_refs', row: { id: `${id}|${run}`, blob: id, run, at } },
  );
  if (typeof value === 'object' && value !== null) known.set(value, reference);
  return writeReference(reference);
}

type ValuesOf = ValueStore['valuesOf'];

async function hydrateRun(valuesOf: ValuesOf, row: RunRow): Promise<RunRow> {
  const values = await valuesOf(row.id, referencesIn(RUN_VALUES.map((column) => row[column])));
  let whole: RunRow | undefined;
  for (const column of RUN_VALUES) {
    const value = wholeOf(values, row[column]);
    if (value !== row[column]) whole = { ...(whole ?? row), [column]: value };
  }
  return whole ?? row;
}

async function hydrateEntries(valuesOf: ValuesOf, rows: readonly JournalRow[]): Promise<readonly JournalRow[]> {
  const references = rows.map(({ data }) => referencesIn(Object.values(data as JsonObject)));
  const byRun = new Map<string, ValueReference[]>();
  for (const [index, { run }] of rows.entries()) {
    const own = references[index] ?? [];
    if (own.length > 0) byRun.set(run, [...(byRun.get(run) ?? []), ...own]);
  }
  const values = new Map<string, Json>();
  for (const [run, own] of byRun) for (const [id, value] of await valuesOf(run, own)) values.set(id, value);
  return mapChanged(rows, (row) => {
    let data: Record<string, Json> | undefined;
    for (const [name, stored] of Object.entries(row.data as JsonObject)) {
      const value = wholeOf(values, stored);
      if (value !== stored) data = { ...(data ?? (row.data as JsonObject)), [name]: value };
    }
    return data ? { ...row, data } : row;
  });
}

function referencesIn(stored: readonly Json[]): ValueReference[] {
  return stored.flatMap((value) => readReference(value) ?? []);
}

function wholeOf(values: ReadonlyMap<string, Json>, stored: Json): Json {
  const reference = readReference(stored);
  return reference ? (values.get(reference.id) ?? null) : unescapeValue(stored);
}

async function loadValues(
  reader: Reader,
  known: WeakMap<object, ValueReference>,
  run: string,
  references: readonly ValueReference[],
): Promise<ReadonlyMap<string, Json>> {
  const wanted = new Map(references.map((reference) => [reference.id, reference]));
  const ids = [...wanted.keys()];
  const values = new Map<string, Json>();
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = ids.slice(from, from + PAGE);
    for (const { id, bytes } of await reader.find('blobs', { where: { id: { in: page } }, limit: PAGE })) {
      const value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as Json;
      values.set(id, value);
      const reference = wanted.get(id);
      if (reference && typeof value === 'object' && value !== null) known.set(value, reference);
    }
  }
  const missing = ids.find((id) => !values.has(id));
  if (missing !== undefined) throw errors.value_missing({ run, blob: missing });
  return values;
}

import {
  type AuditEntry,
  type AuditRow,
  type Change,
  eventErrors,
  outboxRow,
  type RunWrite,
  type TableName,
} from '@counterpoint/events';
import { assertJournalIsGated } from '../refusals.ts';
import type { Column, Table } from '../tables/definition.ts';
import { tables } from '../tables/index.ts';
import { postgresDialect } from './dialect.ts';

/** A row or a key as `json_to_recordset` reads it. */
export type JsonRecord = Readonly<Record<string, string | number | boolean | null>>;

/** How a row is written: as in `RowWrite`. */
type RowOperation = 'insert' | 'ensure' | 'update' | 'put' | 'delete' | 'sweep';

/** One write of a change, ready to be sent. */
export interface PreparedWrite {
  /** Names the statement: which table, and how it is written. */
  readonly table: TableName;
  readonly operation: RowOperation | RunWrite['op'];
  /** The primary key as the statement returns it. */
  readonly id: string;
  readonly record: JsonRecord;
  /** The error when the statement did not take it. */
  readonly refused: () => Error;
}

/** A change that was looked through and encoded. */
export interface PreparedChange {
  readonly runs: readonly PreparedWrite[];
  readonly journal: readonly JsonRecord[];
  readonly rows: readonly PreparedWrite[];
  readonly outbox: readonly JsonRecord[];
  readonly audit: readonly AuditEntry[];
  /** The primary and unique keys that it writes; changes that share one must not be written by one statement. */
  readonly keys: readonly string[];
}

/**
 * Looks a change through and encodes it.
 *
 * @throws events.fenced for journal entries of other runs; TypeError for rows that cannot be stored
 */
export function prepareChange(change: Change): PreparedChange {
  assertJournalIsGated(change);
  const runs = (change.runs ?? []).map(prepareRun);
  const rows = (change.rows ?? []).map((write): PreparedWrite => {
    if (write.op === 'sweep') return prepareSweep(write.before);
    const { table, op } = write;
    const id = op === 'delete' ? write.id : write.row.id;
    const record = op === 'delete' ? { id: postgresDialect.text(id) } : encodeRow(tables[table], write.row);
    return { table, operation: op, id: String(record.id), record, refused: () => eventErrors.conflict({ id, table }) };
  });
  const outbox = (change.events ?? []).map((event) => encodeRow(tables.outbox, outboxRow(event)));
  const keys = [...[...runs, ...rows].flatMap(keysOf), ...outbox.map((record) => `outbox/${record.id}`)];
  const journal = (change.journal ?? []).map((entry) => encodeRow(tables.journal, entry));
  return { runs, journal, rows, outbox, audit: change.audit ?? [], keys };
}

function prepareSweep(before: number): PreparedWrite {
  const refused = () => eventErrors.conflict({ id: '*', table: 'blobs' });
  return { table: 'blobs', operation: 'sweep', id: '*', record: { before }, refused };
}

/** A row of the audit chain, encoded. */
export function encodeAudit(row: AuditRow): JsonRecord {
  return encodeRow(tables.audit, row);
}

function keysOf({ table, id, record }: PreparedWrite): string[] {
  const unique = tables[table].unique.filter((columns) => columns.every((column) => column in record));
  return [
    `${table}/${id}`,
    ...unique.map(
      (columns) => `${table}:${columns.join()}/${columns.map((column) => JSON.stringify(record[column])).join()}`,
    ),
  ];
}

function prepareRun(write: RunWrite): PreparedWrite {
  if (write.op === 'create') {
    const { id } = write.row;
    const record = encodeRow(tables.runs, write.row);
    const refused = () => eventErrors.conflict({ id, table: 'runs' });
    return { table: 'runs', operation: 'create', id: String(record.id), record, refused };
  }
  const text = postgresDialect.text;
  if (write.op === 'prune') {
    const { op: operation, id } = write;
    const refused = () => eventErrors.fenced({ run: id, epoch: '*', seq: '*' });
    return { table: 'runs', operation, id: text(id), record: { id: text(id) }, refused };
  }
  const { op: operation, id, epoch } = write;
  const fenced = (seq: number | string) => () => eventErrors.fenced({ run: id, epoch, seq });
  if (write.op === 'claim') {
    const { owner, lease_until, seen } = write;
    const standing = { seen_seq: seen?.seq ?? null, seen_lease: seen?.lease_until ?? null };
    const record = { id: text(id), epoch, owner: text(owner), lease_until, ...standing };
    return { table: 'runs', operation, id: record.id, record, refused: fenced('*') };
  }
  const record: Record<string, JsonRecord[string]> = { id: text(id), epoch, at_seq: write.seq, seq: write.to };
  for (const [name, value] of Object.entries(write.set)) {
    const column = tables.runs.column.get(name);
    if (!column) throw new TypeError(`runs.${name} does not exist`);
    if (value === undefined) continue;
    record[name] = encodeValue(tables.runs, column, value);
    record[`set_${name}`] = true;
  }
  return { table: 'runs', operation, id: text(id), record, refused: fenced(write.seq) };
}

function encodeRow(table: Table, row: object): JsonRecord {
  return Object.fromEntries(
    table.columns.map((column) => [
      column.name,
      encodeValue(table, column, (row as Readonly<Record<string, unknown>>)[column.name]),
    ]),
  );
}

function encodeValue(table: Table, column: Column, value: unknown): JsonRecord[string] {
  if (value === undefined && !column.nullable) throw new TypeError(`${table.name}.${column.name} is missing`);
  if (value instanceof Uint8Array)
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}`;
  return (postgresDialect.bind(column, value) ?? null) as JsonRecord[string];
}

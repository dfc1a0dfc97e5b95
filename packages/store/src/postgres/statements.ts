import { prunedWithRun, type RunPatch } from '@counterpoint/events';
import { ENDED_LIST } from '../refusals.ts';
import { quote } from '../sql/dialect.ts';
import { sweptBlobs } from '../sql/sweep.ts';
import type { Column, Table } from '../tables/definition.ts';
import { tables } from '../tables/index.ts';
import { postgresDialect } from './dialect.ts';
import type { PreparedWrite } from './records.ts';

const plainType = (column: Column) => postgresDialect.types[column.kind].replace(' COLLATE "C"', '');

/** The bound JSON array as rows: one parameter, however many rows. */
function given(columns: readonly { readonly name: string; readonly type: string }[]): string {
  return `json_to_recordset($1::json) AS given(${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`;
}

const typed = (column: Column) => ({ name: column.name, type: plainType(column) });

function insertInto(table: Table): string {
  const names = table.columns.map((column) => quote(column.name)).join(', ');
  return `INSERT INTO ${quote(table.name)} (${names}) SELECT ${names} FROM ${given(table.columns.map(typed))}`;
}

/** Writes rows that must not exist; raises a unique violation when one does. */
export function insertStrictly(table: Table): string {
  return insertInto(table);
}

const PATCHED: readonly (keyof RunPatch)[] = [
  'status',
  'paused',
  'version',
  'owner',
  'lease_until',
  'priority',
  'outputs',
  'error',
  'error_code',
  'case_id',
  'started_at',
  'ended_at',
];

function advance(): string {
  const columns = PATCHED.map((name) => tables.runs.column.get(name) as Column);
  const assigned = columns.map(
    ({ name }) =>
      `${quote(name)} = CASE WHEN given."set_${name}" THEN given.${quote(name)} ELSE runs.${quote(name)} END`,
  );
  const taken = [
    { name: 'id', type: 'TEXT' },
    ...['epoch', 'at_seq', 'seq'].map((name) => ({ name, type: 'BIGINT' })),
    ...columns.flatMap((column) => [typed(column), { name: `set_${column.name}`, type: 'BOOLEAN' }]),
  ];
  return `UPDATE runs SET "seq" = given."seq", ${assigned.join(', ')} FROM ${given(taken)}
    WHERE runs."id" = given."id" AND runs."epoch" = given."epoch" AND runs."seq" = given."at_seq"
    AND runs."status" NOT IN (${ENDED_LIST}) RETURNING runs."id"`;
}

function claim(): string {
  const taken = [
    ...['id', 'epoch', 'owner', 'lease_until'].map((name) => typed(tables.runs.column.get(name) as Column)),
    ...['seen_seq', 'seen_lease'].map((name) => ({ name, type: 'BIGINT' })),
  ];
  return `UPDATE runs SET "epoch" = runs."epoch" + 1, "owner" = given."owner", "lease_until" = given."lease_until"
    FROM ${given(taken)} WHERE runs."id" = given."id" AND runs."epoch" = given."epoch"
    AND runs."seq" = COALESCE(given."seen_seq", runs."seq")
    AND runs."lease_until" = COALESCE(given."seen_lease", runs."lease_until")
    AND runs."status" NOT IN (${ENDED_LIST}) RETURNING runs."id"`;
}

/** Deletes runs and, by the rows that it deleted, everything that belongs to them. */
function prune(): string {
  const owned = Object.entries(prunedWithRun).map(
    ([table, column]) =>
      `${table}_gone AS (DELETE FROM ${table} USING gone WHERE ${quote(table)}.${quote(column)} = gone."id")`,
  );
  return `WITH gone AS (DELETE FROM runs USING ${given([{ name: 'id', type: 'TEXT' }])} WHERE runs."id" = given."id"
    AND runs."status" IN (${ENDED_LIST}) RETURNING runs."id"), ${owned.join(', ')} SELECT "id" FROM gone`;
}

function update(table: Table): string {
  const target = quote(table.name);
  const assigned = table.columns
    .filter(({ name }) => name !== 'id')
    .map(({ name }) => `${quote(name)} = given.${quote(name)}`);
  return `UPDATE ${target} SET ${assigned.join(', ')} FROM ${given(table.columns.map(typed))}
    WHERE ${target}."id" = given."id" AND ${target}."rev" = given."rev" - 1 RETURNING ${target}."id"`;
}

/**
 * Deletes blobs that nothing refers to. The moment is asked for again in the row that is deleted: a writer that gives
 * a blob a new reference also writes its time anew, and is waited for.
 */
function sweep(): string {
  return `DELETE FROM blobs USING ${given([{ name: 'before', type: 'BIGINT' }])} WHERE blobs."created_at" < given."before"
    AND blobs."id" IN (${sweptBlobs("(SELECT (json_array_elements($1::json)->>'before')::bigint LIMIT 1)")})`;
}

function put(table: Table): string {
  const replaced = table.columns
    .filter(({ name }) => name !== 'id')
    .map(({ name }) => `${quote(name)} = excluded.${quote(name)}`);
  return `${insertInto(table)} ON CONFLICT ("id") DO UPDATE SET ${replaced.join(', ')}`;
}

function write(table: Table, operation: PreparedWrite['operation']): string {
  if (operation === 'advance') return advance();
  if (operation === 'claim') return claim();
  if (operation === 'prune') return prune();
  if (operation === 'sweep') return sweep();
  if (operation === 'update') return update(table);
  if (operation === 'put') return put(table);
  if (operation === 'delete') {
    return `DELETE FROM ${quote(table.name)} USING ${given([{ name: 'id', type: 'TEXT' }])} WHERE ${quote(table.name)}."id" = given."id"`;
  }
  return `${insertInto(table)} ON CONFLICT DO NOTHING RETURNING "id"`;
}

const texts = new Map<string, string>();

/** The statement that performs one kind of write on any number of rows. */
export function writeStatement(table: Table, operation: PreparedWrite['operation']): string {
  const name = `${table.name}.${operation}`;
  let text = texts.get(name);
  if (text === undefined) {
    text = write(table, operation);
    texts.set(name, text);
  }
  return text;
}

/** Whether a write that returns no row was refused (and not just unnecessary). */
export function mustReturn(operation: PreparedWrite['operation']): boolean {
  return operation !== 'ensure' && operation !== 'put' && operation !== 'delete' && operation !== 'sweep';
}

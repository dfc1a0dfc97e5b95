import { CHAIN_START, type ChainHead, chainEntry } from '@counterpoint/audit';
import {
  type AuditEntry,
  type AuditRow,
  type Change,
  eventErrors,
  outboxRow,
  prunedWithRun,
  type RowWrite,
  type RunWrite,
  type TableName,
} from '@counterpoint/events';
import type Database from 'better-sqlite3';
import type { Outcome } from '../commit-queue.ts';
import { assertJournalIsGated, ENDED_LIST } from '../refusals.ts';
import { sweptBlobs } from '../sql/sweep.ts';
import { allTables, tables } from '../tables/index.ts';
import { sqliteDialect } from './dialect.ts';
import { isStorageFailure } from './failures.ts';
import type { StatementCache } from './statements.ts';
import { createTableWriter, type TableWriter } from './table-writer.ts';

/** Writes groups of changes, each group in one transaction. */
export interface SqliteWriter {
  /** One outcome for each change. Throws when nothing of the group was written. */
  flush(changes: readonly Change[]): readonly Outcome[];
}

interface State {
  readonly database: Database.Database;
  readonly statements: StatementCache;
  readonly writers: Readonly<Record<TableName, TableWriter>>;
  /** Head of the audit chain, including what the open transaction wrote. */
  head: ChainHead;
  /** Whether the change at hand has written anything yet. */
  wrote: boolean;
}

/** Makes the {@link SqliteWriter} of a connection whose schema is up to date. */
export function createSqliteWriter(database: Database.Database, statements: StatementCache): SqliteWriter {
  const state: State = {
    database,
    statements,
    writers: Object.fromEntries(
      allTables.map((table) => [table.name, createTableWriter(database, table)]),
    ) as State['writers'],
    head: readHead(database),
    wrote: false,
  };
  return {
    flush(changes) {
      const head = state.head;
      try {
        return flushTogether(state, changes) ?? flushApart(state, changes);
      } catch (error) {
        state.head = head;
        if (database.inTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

function readHead(database: Database.Database): ChainHead {
  const row = database.prepare('SELECT "seq", "hash" FROM "audit" ORDER BY "seq" DESC LIMIT 1').get();
  return (row as ChainHead | undefined) ?? CHAIN_START;
}

/**
 * The hot path: no savepoints. A change that is refused by its first statement has written nothing and is simply left
 * out. When one is refused later, the whole group is taken back, and the answer is undefined.
 */
function flushTogether(state: State, changes: readonly Change[]): readonly Outcome[] | undefined {
  const { statements } = state;
  const head = state.head;
  const outcomes: Outcome[] = [];
  statements.get('BEGIN IMMEDIATE').run();
  for (const change of changes) {
    const refusal = attempt(state, change);
    if (refusal && state.wrote) {
      statements.get('ROLLBACK').run();
      state.head = head;
      return undefined;
    }
    outcomes.push(refusal);
  }
  statements.get('COMMIT').run();
  return outcomes;
}

/** Each change in a savepoint of its own, so that one which is refused halfway leaves nothing behind. */
function flushApart(state: State, changes: readonly Change[]): readonly Outcome[] {
  const { statements } = state;
  const outcomes: Outcome[] = [];
  statements.get('BEGIN IMMEDIATE').run();
  for (const change of changes) {
    const head = state.head;
    statements.get('SAVEPOINT "change"').run();
    const refusal = attempt(state, change);
    if (refusal) {
      statements.get('ROLLBACK TO "change"').run();
      state.head = head;
    }
    statements.get('RELEASE "change"').run();
    outcomes.push(refusal);
  }
  statements.get('COMMIT').run();
  return outcomes;
}

/** Applies a change and returns why it was refused, if it was; throws what concerns the whole group. */
function attempt(state: State, change: Change): Outcome {
  state.wrote = false;
  try {
    apply(state, change);
    return undefined;
  } catch (error) {
    if (isStorageFailure(error)) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
}

function apply(state: State, change: Change): void {
  const { writers } = state;
  assertJournalIsGated(change);
  for (const write of change.runs ?? []) {
    applyRun(state, write);
    state.wrote = true;
  }
  if (change.journal) writers.journal.insert(change.journal);
  for (const write of change.rows ?? []) {
    applyRow(state, write);
    state.wrote = true;
  }
  if (change.events?.length) {
    state.wrote ||= change.events.length > 1;
    writers.outbox.insert(change.events.map(outboxRow));
    state.wrote = true;
  }
  if (change.audit?.length) {
    state.wrote = true;
    writers.audit.insert(change.audit.map((entry) => extendChain(state, entry)));
  }
}

function extendChain(state: State, entry: AuditEntry): AuditRow {
  const row = chainEntry(state.head, entry);
  state.head = row;
  return row;
}

const SWEEP = `DELETE FROM "blobs" WHERE "id" IN (${sweptBlobs('?')})`;

function applyRow({ writers, statements }: State, write: RowWrite): void {
  if (write.op === 'sweep') {
    statements.get(SWEEP).run(write.before);
    return;
  }
  const writer = writers[write.table];
  if (write.op === 'delete') writer.delete(write.id);
  else if (write.op === 'insert') writer.insert([write.row]);
  else writer[write.op](write.row);
}

function applyRun(state: State, write: RunWrite): void {
  if (write.op === 'create') {
    state.writers.runs.insert([write.row]);
    return;
  }
  if (write.op === 'prune') {
    prune(state, write.id);
    return;
  }
  const changed = write.op === 'claim' ? claim(state, write) : advance(state, write);
  if (changed === 0) {
    throw eventErrors.fenced({ run: write.id, epoch: write.epoch, seq: write.op === 'advance' ? write.seq : '*' });
  }
}

const PRUNE = `DELETE FROM "runs" WHERE "id" = ? AND "status" IN (${ENDED_LIST})`;

function prune({ statements }: State, id: string): void {
  if (statements.get(PRUNE).run(id).changes === 0) throw eventErrors.fenced({ run: id, epoch: '*', seq: '*' });
  for (const [table, column] of Object.entries(prunedWithRun)) {
    statements.get(`DELETE FROM "${table}" WHERE "${column}" = ?`).run(id);
  }
}

const CLAIM = `UPDATE "runs" SET "epoch" = "epoch" + 1, "owner" = ?, "lease_until" = ?
  WHERE "id" = ? AND "epoch" = ? AND "seq" = coalesce(?, "seq") AND "lease_until" = coalesce(?, "lease_until")
  AND "status" NOT IN (${ENDED_LIST})`;

function claim(state: State, write: Extract<RunWrite, { op: 'claim' }>): number {
  const { id, epoch, owner, lease_until, seen } = write;
  return state.statements.get(CLAIM).run(owner, lease_until, id, epoch, seen?.seq ?? null, seen?.lease_until ?? null)
    .changes;
}

function advance(state: State, write: Extract<RunWrite, { op: 'advance' }>): number {
  let assignments = '"seq" = ?';
  const values: unknown[] = [write.to];
  for (const [name, value] of Object.entries(write.set)) {
    const column = tables.runs.column.get(name);
    if (!column) throw new TypeError(`runs.${name} does not exist`);
    if (value === undefined) continue;
    assignments += `, "${name}" = ?`;
    values.push(sqliteDialect.bind(column, value));
  }
  values.push(write.id, write.epoch, write.seq);
  const sql = `UPDATE "runs" SET ${assignments} WHERE "id" = ? AND "epoch" = ? AND "seq" = ? AND "status" NOT IN (${ENDED_LIST})`;
  return state.statements.get(sql).run(...values).changes;
}

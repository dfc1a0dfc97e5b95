import { CHAIN_START, type ChainHead, chainEntry } from '@counterpoint/audit';
import { type AuditEntry, eventErrors, type TableName } from '@counterpoint/events';
import { tables } from '../tables/index.ts';
import type { Batch } from './batches.ts';
import { concernsOneChange, isKeyConflict, storageFailure } from './failures.ts';
import type { Pipeline } from './pipeline.ts';
import { encodeAudit, type JsonRecord, type PreparedChange, type PreparedWrite } from './records.ts';
import { insertStrictly, mustReturn, writeStatement } from './statements.ts';

/** Changes that turned out to be refused after part of them was written: the group is to be repeated with them apart. */
export class Regroup extends Error {
  readonly apart: readonly number[];

  constructor(apart: readonly number[]) {
    super('the group is to be written again');
    this.apart = apart;
  }
}

/** One transaction on its way. */
export interface Transaction {
  readonly pipeline: Pipeline;
  readonly changes: ReadonlyMap<number, PreparedChange>;
  /** Why changes were refused, by index. */
  readonly refusals: Map<number, Error>;
  /** Head of the audit chain, locked; absent when the group audits nothing. */
  head: ChainHead | undefined;
}

/** Locks the audit chain, so that several processes append one after the other, and reads its head. */
export async function lockAudit(transaction: Transaction): Promise<void> {
  const { pipeline } = transaction;
  pipeline.send("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.audit'))");
  const { rows } = await pipeline.send('SELECT "seq", "hash" FROM audit ORDER BY "seq" DESC LIMIT 1');
  transaction.head = (rows[0] as ChainHead | undefined) ?? CHAIN_START;
}

/**
 * Writes a batch by one statement for each kind of write. Writes of runs come first and are the gate: a change that
 * does not pass it has written nothing and is left out.
 *
 * @throws Regroup when changes are refused by a later statement
 */
export async function writeBatch(transaction: Transaction, { members }: Batch): Promise<void> {
  const { changes, refusals } = transaction;
  const all = members.map((index) => [index, changes.get(index) as PreparedChange] as const);
  const gates = all.flatMap(([index, { runs }]) => runs.map((write) => [index, write] as const));
  for (const [index, write] of await sendWrites(transaction, gates)) refusals.set(index, write.refused());
  const passed = all.filter(([index]) => !refusals.has(index));
  sendStrictly(
    transaction,
    'journal',
    passed.flatMap(([, change]) => change.journal),
  );
  sendStrictly(
    transaction,
    'outbox',
    passed.flatMap(([, change]) => change.outbox),
  );
  sendAudit(
    transaction,
    passed.flatMap(([, change]) => change.audit),
  );
  const rows = passed.flatMap(([index, change]) => change.rows.map((write) => [index, write] as const));
  const refused = await sendWrites(transaction, rows);
  if (refused.length > 0) throw new Regroup(refused.map(([index]) => index));
}

type Indexed = readonly [index: number, write: PreparedWrite];

/** Sends writes, those of one kind together, and gives the ones that were refused. */
async function sendWrites({ pipeline }: Transaction, writes: readonly Indexed[]): Promise<readonly Indexed[]> {
  const kinds = Map.groupBy(writes, ([, { table, operation }]) => `${table}.${operation}`);
  const answers = [...kinds.values()].map((kind) => {
    const [, { table, operation }] = kind[0] as Indexed;
    const records = kind.map(([, write]) => write.record);
    return {
      kind,
      operation,
      answer: pipeline.send(writeStatement(tables[table], operation), [JSON.stringify(records)]),
    };
  });
  const refused: Indexed[] = [];
  for (const { kind, operation, answer } of answers) {
    if (!mustReturn(operation)) continue;
    await pipeline.settle();
    const written = new Set((await answer).rows.map((row) => row.id));
    refused.push(...kind.filter(([, write]) => !written.has(write.id)));
  }
  return refused;
}

function sendStrictly({ pipeline }: Transaction, table: TableName, records: readonly JsonRecord[]): void {
  if (records.length > 0) pipeline.send(insertStrictly(tables[table]), [JSON.stringify(records)]);
}

function sendAudit(transaction: Transaction, entries: readonly AuditEntry[]): void {
  const rows: JsonRecord[] = [];
  for (const entry of entries) {
    const row = chainEntry(transaction.head ?? CHAIN_START, entry);
    rows.push(encodeAudit(row));
    transaction.head = row;
  }
  sendStrictly(transaction, 'audit', rows);
}

/** Writes one change in a savepoint of its own, each of its writes by itself and in order. */
export async function writeApart(transaction: Transaction, index: number): Promise<void> {
  const { pipeline, changes, refusals } = transaction;
  const change = changes.get(index) as PreparedChange;
  const head = transaction.head;
  pipeline.send('SAVEPOINT apart');
  await pipeline.settle();
  try {
    await writeMembers(transaction, change);
  } catch (error) {
    if (!(error instanceof Refusal) && !concernsOneChange(error)) throw error;
    refusals.set(index, error instanceof Refusal ? error.reason : storageFailure(error));
    transaction.head = head;
    pipeline.send('ROLLBACK TO apart');
  }
  pipeline.send('RELEASE apart');
}

class Refusal extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super(reason.message);
    this.reason = reason;
  }
}

async function writeMembers(transaction: Transaction, change: PreparedChange): Promise<void> {
  const writeOne = async (write: PreparedWrite) => {
    const [refused] = await orConflict(write.table, write.id, async () => {
      const missing = await sendWrites(transaction, [[0, write]]);
      await transaction.pipeline.settle();
      return missing;
    });
    if (refused) throw new Refusal(write.refused());
  };
  const strictly = async (table: TableName, record: JsonRecord, id: string) =>
    orConflict(table, id, () => {
      sendStrictly(transaction, table, [record]);
      return transaction.pipeline.settle();
    });
  for (const write of change.runs) await writeOne(write);
  for (const entry of change.journal) await strictly('journal', entry, `${entry.run}/${entry.seq}`);
  for (const write of change.rows) await writeOne(write);
  for (const row of change.outbox) await strictly('outbox', row, String(row.id));
  sendAudit(transaction, change.audit);
  await transaction.pipeline.settle();
}

async function orConflict<Result>(table: TableName, id: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    throw isKeyConflict(error) ? new Refusal(eventErrors.conflict({ id, table }, { cause: error })) : error;
  }
}

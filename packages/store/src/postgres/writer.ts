import { type Change, isEmptyChange } from '@counterpoint/events';
import pg from 'pg';
import type { Outcome } from '../commit-queue.ts';
import { batchesOf } from './batches.ts';
import { connectionConfig, type PostgresAddress } from './connection.ts';
import { concernsOneChange, isLostRace, leavesCommitOpen } from './failures.ts';
import { createPipeline } from './pipeline.ts';
import { type PreparedChange, prepareChange } from './records.ts';
import { lockAudit, Regroup, type Transaction, writeApart, writeBatch } from './transaction.ts';

/** Writes groups of changes over a connection of its own, which it makes again after it was lost. */
export interface PostgresWriter {
  flush(changes: readonly Change[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

const MAX_LOST_RACES = 5;
const MAX_RECONNECTS = 60;
/** Milliseconds. */
const RECONNECT_DELAY = 250;

/** The answer to COMMIT got lost: only the database knows what became of the transaction. */
class CommitUnknown extends Error {
  readonly transactionId: string;
  readonly refusals: ReadonlyMap<number, Error>;

  constructor(transactionId: string, refusals: ReadonlyMap<number, Error>, cause: unknown) {
    super('the connection was lost during a commit', { cause });
    this.transactionId = transactionId;
    this.refusals = refusals;
  }
}

/** Makes a {@link PostgresWriter}; it connects when it first writes. */
export function createPostgresWriter(address: PostgresAddress): PostgresWriter {
  let current: pg.Client | undefined;

  const drop = async (client: pg.Client) => {
    if (current === client) current = undefined;
    await client.end().catch(() => undefined);
  };

  const connect = async (): Promise<pg.Client> => {
    if (current) return current;
    const client = new pg.Client({ ...connectionConfig(address), pipeline: true });
    client.on('error', () => void drop(client));
    await client.connect();
    current = client;
    return client;
  };

  const write = async (changes: ReadonlyMap<number, PreparedChange>): Promise<ReadonlyMap<number, Error>> => {
    const client = await connect();
    try {
      return await writeGroup(client, changes);
    } catch (error) {
      await drop(client);
      if (!(error instanceof CommitUnknown)) throw error;
      if (await wasCommitted(await connectAgain(connect), error.transactionId)) return error.refusals;
      throw error.cause;
    }
  };

  return {
    async flush(changes) {
      const { prepared, outcomes } = prepareAll(changes);
      if (prepared.size === 0) return outcomes;
      for (const [index, refusal] of await write(prepared)) outcomes[index] = refusal;
      return outcomes;
    },
    async close() {
      if (current) await drop(current);
    },
  };
}

function prepareAll(changes: readonly Change[]): { prepared: Map<number, PreparedChange>; outcomes: Outcome[] } {
  const prepared = new Map<number, PreparedChange>();
  const outcomes: Outcome[] = [];
  for (const [index, change] of changes.entries()) {
    outcomes.push(undefined);
    if (isEmptyChange(change)) continue;
    try {
      prepared.set(index, prepareChange(change));
    } catch (error) {
      outcomes[index] = error instanceof Error ? error : new Error(String(error));
    }
  }
  return { prepared, outcomes };
}

/** Writes a group in one transaction, as often as it takes to find out which changes have to stand apart. */
async function writeGroup(
  client: pg.Client,
  changes: ReadonlyMap<number, PreparedChange>,
): Promise<ReadonlyMap<number, Error>> {
  const apart = new Set<number>();
  for (let lostRaces = 0; ; ) {
    const transaction: Transaction = {
      pipeline: createPipeline(client),
      changes,
      refusals: new Map(),
      head: undefined,
    };
    try {
      await writeOnce(transaction, apart);
      return transaction.refusals;
    } catch (error) {
      if (error instanceof CommitUnknown) throw error;
      if (error instanceof Regroup) for (const index of error.apart) apart.add(index);
      else if (concernsOneChange(error) && apart.size < changes.size)
        for (const index of changes.keys()) apart.add(index);
      else if (!isLostRace(error) || ++lostRaces > MAX_LOST_RACES) throw error;
      await transaction.pipeline.settle().catch(() => undefined);
      await client.query('ROLLBACK');
    }
  }
}

async function writeOnce(transaction: Transaction, apart: ReadonlySet<number>): Promise<void> {
  const { pipeline, changes, refusals } = transaction;
  pipeline.send('BEGIN ISOLATION LEVEL READ COMMITTED');
  const identified = pipeline.send('SELECT pg_current_xact_id()::text AS id');
  if ([...changes.values()].some(({ audit }) => audit.length > 0)) await lockAudit(transaction);
  for (const batch of batchesOf(changes, apart)) {
    if (batch.single) await writeApart(transaction, batch.members[0] as number);
    else await writeBatch(transaction, batch);
  }
  const { rows } = await identified;
  const committed = pipeline.send('COMMIT');
  await pipeline.settle().catch((error) => {
    throw leavesCommitOpen(error) ? new CommitUnknown(String(rows[0]?.id), refusals, error) : error;
  });
  const { command } = await committed;
  if (command !== 'COMMIT') throw new Error(`COMMIT was answered by ${command}`);
}

/** Tries for a while, because the server that broke the connection may be starting again. */
async function connectAgain(connect: () => Promise<pg.Client>): Promise<pg.Client> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect();
    } catch (error) {
      if (attempt === MAX_RECONNECTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_DELAY));
    }
  }
}

/** What became of a transaction whose connection was lost (PostgreSQL: transaction status functions). */
async function wasCommitted(client: pg.Client, transactionId: string): Promise<boolean> {
  const { rows } = await client.query<{ status: string | null }>('SELECT pg_xact_status($1::xid8) AS status', [
    transactionId,
  ]);
  return rows[0]?.status === 'committed';
}

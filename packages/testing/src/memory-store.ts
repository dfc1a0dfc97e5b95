import { hashJson } from '@counterpoint/core';
import {
  type AuditEntry,
  type AuditRow,
  type Change,
  eventErrors,
  outboxRow,
  prunedWithRun,
  type Query,
  type Rows,
  type RowWrite,
  type RunRow,
  type RunWrite,
  type Store,
  type TableName,
  type Tally,
  type Where,
} from '@counterpoint/events';
import { createMemoryTables, type MemoryTables } from './memory-tables.ts';
import { selectRows, tallyRows } from './select-rows.ts';

/** What a {@link createMemoryStore} can be given. */
export interface MemoryStoreOptions {
  /** Makes the next audit row; pass `chainEntry` of `audit` where the real chain matters. Default: a simple hash. */
  readonly chain?: (head: { readonly seq: number; readonly hash: string }, entry: AuditEntry) => AuditRow;
  /** What to work on, to open again what another store wrote; default: nothing yet. */
  readonly tables?: MemoryTables;
  /** How many changes may wait before `events.store_busy`; default: any number. */
  readonly maxPending?: number;
  /** Hears what a listener threw; default: it is thrown again outside the commit, which fails the test. */
  readonly onListenerError?: (error: unknown) => void;
}

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * A {@link Store} that lives in memory: a double for fast unit tests of domain code, never for proving storage. It
 * keeps the promises of the port (all or nothing, unique keys, revisions, fencing, order of members) and gives rows
 * back as a database would: frozen copies, JSON columns gone through JSON.
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const chain = options.chain ?? simpleChain;
  const tables = options.tables ?? createMemoryTables();
  const maxPending = options.maxPending ?? Number.POSITIVE_INFINITY;
  let pending = 0;
  const listeners = new Set<(change: Change) => void>();
  let closed = false;
  let queue: Promise<void> = Promise.resolve();

  const commit = async (change: Change): Promise<void> => {
    if (closed) throw eventErrors.store_closed();
    if (pending >= maxPending) throw eventErrors.store_busy({ pending });
    pending += 1;
    const done = queue.then(() => {
      pending -= 1;
      tables.atomically(() => applyChange(tables, change, chain));
      for (const listener of listeners) notify(listener, change, options.onListenerError ?? throwLater);
    });
    queue = done.catch(() => undefined);
    return done;
  };

  const select = <Table extends TableName>(table: Table, query: Query<Rows[Table]>): readonly Rows[Table][] => {
    if (closed) throw eventErrors.store_closed();
    return selectRows(tables.all(table), query, tables.primaryKey(table));
  };

  return {
    async get(table, id) {
      if (closed) throw eventErrors.store_closed();
      return tables.get(table, id);
    },
    async find<Table extends TableName>(table: Table, query: Query<Rows[Table]>) {
      return select(table, query).slice(0, query.limit ?? 100);
    },
    async count<Table extends TableName>(table: Table, where?: Where<Rows[Table]>) {
      return select(table, where ? { where } : {}).length;
    },
    async tally<Table extends TableName>(table: Table, tally: Tally<Rows[Table]>) {
      if (closed) throw eventErrors.store_closed();
      return tallyRows(tables.all(table), tally);
    },
    commit,
    onCommitted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closed = true;
      await queue;
    },
  };
}

function notify(listener: (change: Change) => void, change: Change, onError: (error: unknown) => void): void {
  try {
    listener(change);
  } catch (error) {
    onError(error);
  }
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function simpleChain(head: { seq: number; hash: string }, entry: AuditEntry): AuditRow {
  const row = { ...entry, seq: head.seq + 1, prev: head.hash };
  return { ...row, hash: hashJson(row) };
}

function applyChange(tables: MemoryTables, change: Change, chain: NonNullable<MemoryStoreOptions['chain']>): void {
  for (const write of change.runs ?? []) writeRun(tables, write);
  const own = new Set(change.runs?.map(idOfWriter));
  for (const entry of change.journal ?? []) {
    if (!own.has(entry.run)) throw eventErrors.fenced({ run: entry.run, epoch: entry.epoch, seq: entry.seq });
    tables.insert('journal', entry);
  }
  for (const write of change.rows ?? []) writeRow(tables, write);
  for (const event of change.events ?? []) tables.insert('outbox', outboxRow(event));
  for (const entry of change.audit ?? []) {
    const last = tables.get('audit', String(tables.size('audit')));
    tables.insert('audit', chain(last ?? { seq: 0, hash: '0'.repeat(64) }, entry));
  }
}

function writeRun(tables: MemoryTables, write: RunWrite): void {
  if (write.op === 'create') {
    tables.insert('runs', write.row);
    return;
  }
  const run = tables.get('runs', write.id);
  if (write.op === 'prune') {
    if (run === undefined || !ENDED.has(run.status)) throw eventErrors.fenced({ run: write.id, epoch: '*', seq: '*' });
    prune(tables, write.id);
    return;
  }
  const fenced = () => eventErrors.fenced({ run: write.id, epoch: write.epoch, seq: run?.seq ?? 0 });
  if (run === undefined || run.epoch !== write.epoch || ENDED.has(run.status)) throw fenced();
  if (write.op === 'claim') {
    const { seq, lease_until } = write.seen ?? run;
    if (run.seq !== seq || run.lease_until !== lease_until) throw fenced();
    tables.put('runs', { ...run, epoch: run.epoch + 1, owner: write.owner, lease_until: write.lease_until });
  } else {
    if (run.seq !== write.seq) throw fenced();
    tables.put('runs', { ...run, ...write.set, seq: write.to } as RunRow);
  }
}

function prune(tables: MemoryTables, run: string): void {
  for (const [table, column] of Object.entries(prunedWithRun) as [keyof typeof prunedWithRun, string][]) {
    for (const row of tables.all(table) as readonly unknown[] as readonly Readonly<Record<string, unknown>>[]) {
      if (row[column] !== run) continue;
      tables.remove(
        table,
        tables
          .primaryKey(table)
          .map((name) => String(row[name]))
          .join('/'),
      );
    }
  }
  tables.remove('runs', run);
}

/** The run whose journal a write may extend: one that it creates or advances. */
function idOfWriter(write: RunWrite): string | undefined {
  if (write.op === 'claim' || write.op === 'prune') return undefined;
  return write.op === 'create' ? write.row.id : write.id;
}

function writeRow(tables: MemoryTables, write: RowWrite): void {
  if (write.op === 'sweep') {
    const referred = new Set(tables.all('blob_refs').map(({ blob }) => blob));
    for (const { id, created_at } of tables.all('blobs')) {
      if (created_at < write.before && !referred.has(id)) tables.remove('blobs', id);
    }
    return;
  }
  const { table } = write;
  if (write.op === 'update') {
    const standing = tables.get(table, write.row.id);
    if (!standing || !('rev' in standing) || standing.rev !== write.row.rev - 1) {
      throw eventErrors.conflict({ id: write.row.id, table });
    }
    tables.put(table, write.row);
  } else if (write.op === 'delete') tables.remove(table, write.id);
  else if (write.op === 'put') tables.put(table, write.row);
  else if (write.op === 'insert' || !tables.exists(table, write.row)) tables.insert(table, write.row);
}

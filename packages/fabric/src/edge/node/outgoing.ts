import type { Clock } from '@counterpoint/core';
import type { Change, EdgeOutgoingRow, RowWrite, Store } from '@counterpoint/events';
import { serverTopics } from '../../graph/server-topics.ts';
import { isReservedTopic } from '../../participants/rights.ts';

/** Tables whose rows are brought home as they stand. */
const TABLES = ['effects', 'claims', 'reaction_events'] as const;
type Sent = 'outbox' | 'runs' | (typeof TABLES)[number];

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** A row that is to be brought home. */
export interface Reference {
  readonly table: Sent;
  readonly row: string;
}

/** What is to be brought home, kept in the store of an edge node. */
export interface Outgoing {
  /** The store that everything on the node writes to: it notes what changed, in the same commit. */
  wrap(store: Store): Store;
  /** Whether nothing has changed since a line was read. */
  isSettled(line: EdgeOutgoingRow): boolean;
  /** Calls back whenever there is something new. */
  onNew(listener: () => void): () => void;
}

/** What a change changes that the centre is to know. */
export function referencesOf({ events = [], runs = [], rows = [] }: Change): readonly Reference[] {
  const found: Reference[] = [];
  for (const { id, type } of events) {
    if (!isReservedTopic(type) && !Object.hasOwn(serverTopics, type)) found.push({ table: 'outbox', row: id });
  }
  for (const write of runs) {
    if (write.op === 'create' && ENDED.has(write.row.status)) found.push({ table: 'runs', row: write.row.id });
    if (write.op === 'advance' && ENDED.has(write.set.status ?? '')) found.push({ table: 'runs', row: write.id });
  }
  for (const write of rows) {
    const table = TABLES.find((name) => name === write.table);
    if (table && 'row' in write) found.push({ table, row: write.row.id });
  }
  return found;
}

/** Makes {@link Outgoing}. Only one process writes to the store of an edge node. */
export function createOutgoing(clock: Clock): Outgoing {
  const latest = new Map<string, number>();
  const listeners = new Set<() => void>();
  let last = 0;

  const lineOf = ({ table, row }: Reference) => {
    const now = clock.now();
    last = Math.max(last + 1, now);
    const id = `${table}|${row}`;
    latest.set(id, last);
    return { id, table_name: table, row, at: now, changes: last } satisfies EdgeOutgoingRow;
  };

  return {
    wrap: (store) => ({
      ...readers(store),
      close: () => store.close(),
      onCommitted: (listener) => store.onCommitted(listener),
      async commit(change) {
        const lines = referencesOf(change).map(lineOf);
        if (lines.length === 0) return store.commit(change);
        const writes = lines.map((row): RowWrite => ({ op: 'put', table: 'edge_outgoing', row }));
        try {
          await store.commit({ ...change, rows: [...(change.rows ?? []), ...writes] });
        } catch (error) {
          for (const { id, changes } of lines) if (latest.get(id) === changes) latest.delete(id);
          throw error;
        }
        for (const listener of listeners) listener();
      },
    }),
    isSettled({ id, changes }) {
      const now = latest.get(id);
      if (now !== undefined && now !== changes) return false;
      latest.delete(id);
      return true;
    },
    onNew(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function readers(store: Store): Pick<Store, 'get' | 'find' | 'count' | 'tally'> {
  return {
    get: (table, id) => store.get(table, id),
    find: (table, query) => store.find(table, query),
    count: (table, where) => store.count(table, where),
    tally: (table, tally) => store.tally(table, tally),
  };
}

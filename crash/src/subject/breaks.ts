import type { Door } from '@counterpoint/actions';
import { isCounterpointError } from '@counterpoint/core';
import type { Change, JournalRow, RowWrite, RunWrite, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import type { Break } from './orders.ts';

/** The store of a server in which one guarantee is broken. */
export function breakStore(how: Break | undefined, store: Store): Store {
  if (how === 'timer-in-memory') return timersInMemory(store);
  return how === 'no-fence' ? withoutFence(store) : store;
}

/** The door of a server in which one guarantee is broken. */
export function breakDoor(how: Break | undefined, door: Door): Door {
  return how === 'commit-after-effect' ? sendFirst(door) : door;
}

/** Sends before the intention is durable. */
function sendFirst(door: Door): Door {
  return {
    ...door,
    async admit(request) {
      const admission = await door.admit(request);
      if (admission.kind === 'settled') return admission;
      const outcome = await admission.send(new AbortController().signal);
      return { ...admission, send: async () => outcome };
    },
  };
}

/** Keeps timers in the memory of the process, where a crash ends them. */
function timersInMemory(store: Store): Store {
  const memory = createMemoryStore();
  const isTimer = (write: RowWrite): boolean => write.table === 'timers';
  return {
    ...store,
    find: (table, query) => (table === 'timers' ? memory.find(table, query) : store.find(table, query)),
    get: (table, id) => (table === 'timers' ? memory.get(table, id) : store.get(table, id)),
    count: (table, where) => (table === 'timers' ? memory.count(table, where) : store.count(table, where)),
    async commit(change) {
      const { rows = [], ...rest } = change;
      await store.commit({ ...rest, rows: rows.filter((write) => !isTimer(write)) });
      await memory.commit({ rows: rows.filter(isTimer) });
    },
  };
}

/** Writes for a run whoever owns it by now: what the fence refuses is written all the same, at the journal's end. */
function withoutFence(store: Store): Store {
  return {
    ...store,
    async commit(change) {
      for (;;) {
        try {
          return await store.commit(change);
        } catch (error) {
          if (!isCounterpointError(error, 'events.fenced')) throw error;
          const forced = await force(store, change);
          if (!forced) throw error;
          try {
            return await store.commit(forced);
          } catch (again) {
            if (!isCounterpointError(again, 'events.fenced')) throw again;
          }
        }
      }
    },
  };
}

async function force(store: Store, change: Change): Promise<Change | undefined> {
  const [write] = change.runs ?? [];
  if (write?.op !== 'advance') return undefined;
  const row = await store.get('runs', write.id);
  if (!row) return undefined;
  const journal = (change.journal ?? []).map((entry, index): JournalRow => ({ ...entry, seq: row.seq + index + 1 }));
  const advance: RunWrite = { ...write, epoch: row.epoch, seq: row.seq, to: row.seq + journal.length };
  return { ...change, runs: [advance], journal: journal.map((entry) => ({ ...entry, epoch: row.epoch })) };
}

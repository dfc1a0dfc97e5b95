import type { Json } from '@counterpoint/core';
import type { ProcessNotices, QueueWorker, ReadyRun, WorkQueue } from '@counterpoint/events';

/** A queue and notices between the engines of one test, in memory. */
export interface Neighbours {
  /** What one engine is given. */
  join(): { readonly workQueue: WorkQueue; readonly notices: ProcessNotices };
  /** Whether the engines rely on being told. Default true. */
  calm: boolean;
  /** The queue refuses, and nothing that is told arrives. */
  away: boolean;
  /** Every offer that was taken, in order. */
  readonly offered: readonly ReadyRun[];
  /** Runs that are in the queue, worked on or not. */
  readonly queued: number;
}

interface Entry {
  readonly run: ReadyRun;
  taken: boolean;
  /** Those who had no place for it, until they say that there may be some. */
  readonly refused: Set<QueueWorker>;
}

/** Makes {@link Neighbours}. Nothing takes time. */
export function createNeighbours(): Neighbours {
  const entries = new Map<string, Entry>();
  const offered: ReadyRun[] = [];
  const workers = new Set<QueueWorker>();
  const listeners: { from: object; about: string; listener: (data: Json) => void }[] = [];

  const deal = (): void => {
    for (const [key, entry] of [...entries].toSorted(([, a], [, b]) => b.run.priority - a.run.priority)) {
      const worker = entry.taken
        ? undefined
        : [...workers].find((one) => !entry.refused.has(one) && one.room(entry.run.priority) > 0);
      if (!worker) continue;
      entry.taken = true;
      void worker.work(entry.run).then((outcome) => {
        entry.taken = false;
        if (outcome === 'done') entries.delete(key);
        else entry.refused.add(worker);
        setImmediate(deal);
      });
    }
  };

  const neighbours: Neighbours = {
    calm: true,
    away: false,
    offered,
    get queued() {
      return entries.size;
    },
    join() {
      const self = {};
      return {
        workQueue: {
          async offer(run) {
            if (neighbours.away) throw new Error('the queue is away');
            const key = `${run.run}.${run.epoch}`;
            if (entries.has(key)) return;
            entries.set(key, { run, taken: false, refused: new Set() });
            offered.push(run);
            setImmediate(deal);
          },
          async take(worker) {
            workers.add(worker);
            setImmediate(deal);
            return {
              look() {
                for (const { refused } of entries.values()) refused.delete(worker);
                setImmediate(deal);
              },
              stop: async () => void workers.delete(worker),
            };
          },
        },
        notices: {
          tell(about, data) {
            if (neighbours.away) return;
            setImmediate(() => {
              for (const one of listeners) if (one.from !== self && one.about === about) one.listener(data);
            });
          },
          hear(about, listener) {
            const one = { from: self, about, listener };
            listeners.push(one);
            return () => void listeners.splice(listeners.indexOf(one), 1);
          },
          get calm() {
            return neighbours.calm;
          },
        },
      };
    },
  };
  return neighbours;
}

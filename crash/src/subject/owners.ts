import { appendFileSync } from 'node:fs';
import type { Store } from '@counterpoint/events';

/** That a process took a run into its ownership. */
export interface Taken {
  readonly run: string;
  readonly epoch: number;
  readonly worker: string;
  /** Unix milliseconds, after it was durable. */
  readonly at: number;
}

/** A store that writes down which runs its process owns from when on. */
export function noteOwners(file: string, worker: string, store: Store): Store {
  return {
    ...store,
    async commit(change) {
      await store.commit(change);
      const at = Date.now();
      const lines = (change.runs ?? []).flatMap((write): Taken[] => {
        if (write.op === 'claim') return [{ run: write.id, epoch: write.epoch + 1, worker, at }];
        return write.op === 'create' ? [{ run: write.row.id, epoch: write.row.epoch, worker, at }] : [];
      });
      if (lines.length > 0) appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
  };
}

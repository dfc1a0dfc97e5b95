import type { RunRow } from '@counterpoint/events';
import { drive } from './drive.ts';
import { mayOwn } from './own.ts';
import type { Worker } from './worker.ts';

const PAGE = 500;

/** Puts every run that nobody works on in the queue. */
export async function claimOrphans(worker: Worker): Promise<void> {
  const { store, clock, exclusive } = worker.options;
  const lease = exclusive ? {} : { lease_until: { lt: clock.now() } };
  let after: readonly string[] | undefined;
  for (;;) {
    const rows: readonly RunRow[] = await store.find('runs', {
      where: { status: { in: ['queued', 'running', 'waiting'] }, ...lease },
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    for (const row of rows) {
      if (!worker.runs.has(row.id) && mayOwn(worker, row)) worker.enqueue(row.id, row.priority);
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = [last.id];
  }
}

/** Extends the ownerships that are more than a third used, and looks after called runs that others may have ended. */
export function renewOwnerships(worker: Worker): void {
  const { clock, exclusive } = worker.options;
  const soon = clock.now() + (worker.limits.leaseMillis * 2) / 3;
  for (const run of worker.runs.values()) {
    if (run.leaseUntil <= soon) {
      run.renew = true;
      drive(worker, run);
    }
    if (exclusive) continue;
    for (const open of run.state.open.values()) {
      const step = run.published.plan.byId.get(open.id);
      if (step?.verb === 'call') worker.post(run, { kind: 'lost', address: open.address });
    }
  }
}

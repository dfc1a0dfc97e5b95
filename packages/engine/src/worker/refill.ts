import type { RunRow } from '@counterpoint/events';
import { type Lane, type QueuedRun, queuedRun, WINDOW } from './queue.ts';
import type { Slots } from './slots.ts';
import type { Worker } from './worker.ts';

/** Runs that wait for their turn, that nobody has claimed, and that nobody has paused. */
const WAITING = { status: 'queued', lease_until: 0, paused: false } as const;

/**
 * Reads the oldest queued runs of a lane's priority into its window, without those of playbooks that have no room, and
 * without those to be passed over because they are being begun or cannot be.
 */
export async function refill(worker: Worker, lane: Lane, slots: Slots, passedOver: ReadonlySet<string>): Promise<void> {
  const leftOut = slots.full().filter((playbook) => !slots.fits(playbook, lane.priority));
  const limit = WINDOW + passedOver.size;
  const { arrivals, priority } = lane;
  const rows: readonly RunRow[] = await worker.options.store.find('runs', {
    where: { ...WAITING, priority, ...(leftOut.length > 0 ? { playbook: { notIn: leftOut } } : {}) },
    orderBy: [{ column: 'created_at' }],
    limit,
  });
  const complete = rows.length < limit;
  for (const row of complete ? rows : spread(worker, rows)) {
    if (!isTaken(worker, row.id, passedOver)) lane.window.set(row.id, { ...queuedRun(row), priority });
  }
  if (lane.arrivals !== arrivals) return;
  lane.unread = !complete || leftOut.length > 0;
  lane.leftOut.clear();
  if (complete) for (const playbook of leftOut) lane.leftOut.add(playbook);
}

/** Whether the store holds a queued run of a lane that this process does not know of. */
export async function hasStrangers(worker: Worker, lane: Lane, passedOver: ReadonlySet<string>): Promise<boolean> {
  const { priority } = lane;
  const limit = passedOver.size + 1;
  const rows = await worker.options.store.find('runs', { where: { ...WAITING, priority }, limit });
  return rows.some(({ id }) => !isTaken(worker, id, passedOver));
}

/** The oldest runs of a lane's priority that wait in the store and that this process does not know of. */
export async function strangers(
  worker: Worker,
  lane: Lane,
  passedOver: ReadonlySet<string>,
): Promise<readonly QueuedRun[]> {
  const { priority, window } = lane;
  const rows: readonly RunRow[] = await worker.options.store.find('runs', {
    where: { ...WAITING, priority },
    orderBy: [{ column: 'created_at' }],
    limit: WINDOW + passedOver.size,
  });
  return rows.filter(({ id }) => !window.has(id) && !isTaken(worker, id, passedOver)).map(queuedRun);
}

/** How many runs wait for their turn, by the store. */
export function countWaiting(worker: Worker): Promise<number> {
  const { status, lease_until } = WAITING;
  return worker.options.store.count('runs', { status, lease_until });
}

function isTaken(worker: Worker, id: string, passedOver: ReadonlySet<string>): boolean {
  return passedOver.has(id) || worker.runs.get(id)?.begun === true;
}

/** Workers that share a store begin at different places of what is the same for all, so that they seldom meet. */
function spread(worker: Worker, rows: readonly RunRow[]): readonly RunRow[] {
  if (worker.options.exclusive) return rows;
  const at = Math.floor(fractionOf(worker.options.workerId) * rows.length);
  return [...rows.slice(at), ...rows.slice(0, at)];
}

/** A number from 0 up to 1 that differs from text to text. */
function fractionOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash / 2 ** 32;
}

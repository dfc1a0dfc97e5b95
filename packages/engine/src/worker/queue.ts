import type { ReadyRun, RunRow } from '@counterpoint/events';

/** A stored run that waits for its turn. */
export type QueuedRun = ReadyRun;

/** A stored run as one that waits for its turn. */
export function queuedRun({ id, playbook, priority, epoch }: RunRow): QueuedRun {
  return { run: id, playbook, priority, epoch };
}

/** Runs of one priority that wait for their turn: a window in memory on what the store holds. */
export interface Lane {
  readonly priority: number;
  /** By id, the oldest first. */
  readonly window: Map<string, QueuedRun>;
  /** The store may hold more of them than the window. */
  unread: boolean;
  /** Playbooks whose runs were left out when the rest was read to its end, because they had no room. */
  readonly leftOut: Set<string>;
  /** Counts the runs that were put in the store only, to notice those that come while it is being read. */
  arrivals: number;
}

/** How many runs of one priority wait in memory. */
export const WINDOW = 256;

/** An empty lane for each priority, the highest first. @param unread what the store may hold */
export function createLanes(unread: boolean): readonly Lane[] {
  return [3, 2, 1, 0].map((priority) => ({ priority, window: new Map(), unread, leftOut: new Set(), arrivals: 0 }));
}

/** The lane of a priority; what is higher or lower than the known ones counts as the nearest. */
export function laneOf(lanes: readonly Lane[], priority: number): Lane {
  const lane = lanes[3 - Math.min(3, Math.max(0, Math.trunc(priority)))];
  if (!lane) throw new RangeError(`there is no lane for priority ${priority}`);
  return lane;
}

/** Puts a run that is new in the store at the end of its lane, in memory when nothing older waits only in the store. */
export function append(lane: Lane, queued: QueuedRun): void {
  const allKnown = !lane.unread || (lane.leftOut.size > 0 && !lane.leftOut.has(queued.playbook));
  if (allKnown && lane.window.size < WINDOW) lane.window.set(queued.run, queued);
  else markUnread(lane);
}

/** The store is to be read again for this lane. */
export function markUnread(lane: Lane): void {
  lane.unread = true;
  lane.arrivals += 1;
  lane.leftOut.clear();
}

/** Takes the oldest run that `fits`; undefined when none does. */
export function takeFirst(lane: Lane, fits: (queued: QueuedRun) => boolean): QueuedRun | undefined {
  for (const queued of lane.window.values()) {
    if (!fits(queued)) continue;
    lane.window.delete(queued.run);
    return queued;
  }
  return undefined;
}

import type { EngineLimits } from './options.ts';

/** From this priority on a run may use the reserve, and no quota holds it. */
export const URGENT = 2;

/** Counts the runs that work at the same time, and says which ones there is room for. */
export interface Slots {
  readonly taken: number;
  /** Whether a run of this playbook and priority may begin now. */
  fits(playbook: string, priority: number): boolean;
  /** Whether any run of this priority may begin now. */
  open(priority: number): boolean;
  /** How many more runs of this priority may begin now. */
  room(priority: number): number;
  /** Playbooks that have as many runs working as they may, below the urgent priorities. */
  full(): readonly string[];
  take(playbook: string): void;
  give(playbook: string): void;
}

/**
 * Makes the slots of a worker. Runs of high and emergency priority may use all of them; others leave the reserve free,
 * and no playbook takes more than its quota, so that a flood of one kind of alert holds up no other.
 */
export function createSlots({ activeRuns, reservedRuns, runsPerPlaybook, quotas }: EngineLimits): Slots {
  const byPlaybook = new Map<string, number>();
  const reserve = Math.min(reservedRuns, activeRuns - 1);
  let taken = 0;
  const quotaOf = (playbook: string): number => quotas.get(playbook) ?? runsPerPlaybook;
  const isFull = (playbook: string): boolean => (byPlaybook.get(playbook) ?? 0) >= quotaOf(playbook);
  const room = (priority: number): number => (priority >= URGENT ? activeRuns : activeRuns - reserve) - taken;
  const open = (priority: number): boolean => room(priority) > 0;
  return {
    get taken() {
      return taken;
    },
    open,
    room,
    fits: (playbook, priority) => open(priority) && (priority >= URGENT || !isFull(playbook)),
    full: () => [...byPlaybook.keys()].filter(isFull),
    take(playbook) {
      taken += 1;
      byPlaybook.set(playbook, (byPlaybook.get(playbook) ?? 0) + 1);
    },
    give(playbook) {
      taken -= 1;
      const left = (byPlaybook.get(playbook) ?? 1) - 1;
      if (left > 0) byPlaybook.set(playbook, left);
      else byPlaybook.delete(playbook);
    },
  };
}

import type { Store } from '@counterpoint/events';
import type { ReactionPlan } from '@counterpoint/playbook';

/** How fast held events go on where the reaction itself has no rate. */
export const DRAIN: NonNullable<ReactionPlan['limits']['rate']> = { count: 50, per: 1_000 };

/** The longest rate window that is looked back over, in runs. */
const MOST_STARTS = 100_000;

/** Where one reaction stands with its rate: what is decided in its lane is decided one after the other. */
export interface Lane {
  readonly reaction: string;
  /** The rate that `starts` was read for, as text: another version may have another. */
  rate: string;
  /** When its last runs were started, oldest first; as many as the rate looks at. */
  starts: number[];
  /** Held events that wait for nothing but their turn; the store may hold fewer. */
  waiting: number;
  /** When the last event was held: those held later stand behind it. */
  heldAt: number;
  tail: Promise<unknown>;
  disarm: () => void;
}

/** The lanes of the reactions that were needed so far. */
export interface Lanes {
  /** @param rate how far to look back for runs that were started */
  of(reaction: string, rate: ReactionPlan['limits']['rate'], now: number): Promise<Lane>;
  all(): readonly Lane[];
  /** Forgets what is in memory, to read it anew. */
  clear(): void;
}

/** Lanes whose beginning is read from the store: runs for the rate, held rows for what waits. */
export function createLanes(store: Store, blocked: (reaction: string) => readonly string[]): Lanes {
  const known = new Map<string, Promise<Lane>>();
  const ready = new Map<string, Lane>();
  return {
    async of(reaction, rate, now) {
      const there = ready.get(reaction);
      if (there?.rate === rateText(rate)) return there;
      if (there) return reread(store, there, rate, now);
      const loading = known.get(reaction) ?? loadLane(store, reaction, rate, now, blocked(reaction));
      known.set(reaction, loading);
      try {
        const lane = await loading;
        if (known.get(reaction) === loading) ready.set(reaction, lane);
        return lane;
      } catch (error) {
        if (known.get(reaction) === loading) known.delete(reaction);
        throw error;
      }
    },
    all: () => [...ready.values()],
    clear() {
      for (const lane of ready.values()) lane.disarm();
      known.clear();
      ready.clear();
    },
  };
}

const rateText = (rate: ReactionPlan['limits']['rate']): string => (rate ? `${rate.count}/${rate.per}` : '');

/** Looks back as far as a new rate does. What is started meanwhile counts twice at most: less goes through, not more. */
async function reread(store: Store, lane: Lane, rate: ReactionPlan['limits']['rate'], now: number): Promise<Lane> {
  const starts = await startsOf(store, lane.reaction, rate, now);
  lane.rate = rateText(rate);
  lane.starts = [...starts, ...lane.starts.filter((at) => at >= now)];
  return lane;
}

/** When the runs that a rate looks back at were started, oldest first. */
async function startsOf(
  store: Store,
  reaction: string,
  rate: ReactionPlan['limits']['rate'],
  now: number,
): Promise<number[]> {
  const { count, per } = rate ?? DRAIN;
  const runs = await store.find('runs', {
    where: { playbook: reaction, created_at: { gt: now - per } },
    orderBy: [{ column: 'created_at', descending: true }],
    limit: Math.min(MOST_STARTS, count),
  });
  return runs.map(({ created_at }) => created_at).reverse();
}

async function loadLane(
  store: Store,
  reaction: string,
  rate: ReactionPlan['limits']['rate'],
  now: number,
  reasons: readonly string[],
): Promise<Lane> {
  const [starts, waiting, [last]] = await Promise.all([
    startsOf(store, reaction, rate, now),
    countHeld(store, reaction, reasons),
    store.find('reaction_events', {
      where: { reaction, outcome: 'held' },
      orderBy: [{ column: 'at', descending: true }],
      limit: 1,
    }),
  ]);
  return {
    reaction,
    rate: rateText(rate),
    starts,
    waiting,
    heldAt: last?.at ?? 0,
    tail: Promise.resolve(),
    disarm: () => undefined,
  };
}

/** How much is held for a reaction that waits for nothing but its turn. */
export function countHeld(store: Store, reaction: string, blocked: readonly string[]): Promise<number> {
  return store.count('reaction_events', { reaction, outcome: 'held', reason: { notIn: blocked } });
}

/** Does something in a lane, after what was asked for before. */
export function inLane<Result>(lane: Lane, work: () => Promise<Result>): Promise<Result> {
  const result = lane.tail.then(work);
  lane.tail = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

/** How many runs may be started now without passing the rate; and otherwise when the next may be. */
export function roomIn(lane: Lane, limit: ReactionPlan['limits']['rate'], now: number): { room: number; next: number } {
  const { count, per } = limit ?? DRAIN;
  const gone = lane.starts.findIndex((at) => at > now - per);
  if (gone !== 0) lane.starts = gone === -1 ? [] : lane.starts.slice(gone);
  const oldest = lane.starts[Math.max(0, lane.starts.length - count)];
  return { room: Math.max(0, count - lane.starts.length), next: oldest === undefined ? now : oldest + per };
}

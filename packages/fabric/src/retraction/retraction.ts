import {
  type Consequences,
  cancelHeld,
  consequencesOf,
  type DoorContext,
  type Foresight,
  foreseeRetraction,
  RETRACTED,
  type ReleaseResult,
  retract as undoWhatFollowed,
} from '@counterpoint/actions';
import { cancelItem, retryOnConflict } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import type { Engine } from '@counterpoint/engine';
import {
  type Causality,
  type Change,
  causedBy,
  type InboxItemRow,
  newEvent,
  type ReactionEventRow,
  type RunRow,
} from '@counterpoint/events';
import type { CaughtUp } from './caught-up.ts';

/** What retractions are made with. */
export interface RetractionOptions {
  readonly context: DoorContext;
  readonly engine: Pick<Engine, 'cancel'>;
  /** Throws away an event that is held for a reaction (id of its `reaction_events` row). */
  readonly discard: (row: string, by: string) => Promise<unknown>;
  /** Waits a little until nothing follows from events any more that is not there yet; whether that is so. */
  readonly caughtUp: CaughtUp;
  /** Has reactions forget that they acted on events and with runs, so that the same can be acted on again. */
  readonly forget: (taken: {
    readonly events: readonly string[];
    readonly runs: readonly string[];
  }) => Promise<unknown>;
}

/** What a retraction would do. */
export interface ForeseenRetraction {
  /** The trace that it is about. */
  readonly trace: string;
  readonly effects: readonly Foresight[];
  /** Events that are held for reactions, and would be thrown away. */
  readonly held: readonly ReactionEventRow[];
  /** Runs that have not ended, and would be cancelled. */
  readonly runs: readonly RunRow[];
  /** Matters of the inbox that no run waits for, and would be called off. */
  readonly matters: readonly InboxItemRow[];
}

/** A wish to take back everything that followed from something. */
export interface RetractionWish {
  /** What turned out to be wrong: `event:…`, `alert:…`, `run:…`, `case:…`, an id, or a trace. */
  readonly ref: string;
  readonly reason: string;
  readonly causality: Causality;
  /** Whether what has not happened yet is called off too: held events, waiting runs, open matters. Default true. */
  readonly waiting?: boolean;
}

/** What became of a retraction. */
export interface RetractionResult extends ReleaseResult {
  /** Ids of held events that were thrown away. */
  readonly discarded: readonly string[];
  /** Runs that were cancelled. */
  readonly cancelled: readonly string[];
}

/** Takes back what followed from an event, across reactions, playbooks and participants. */
export interface Retractions {
  /**
   * Waits, for a few seconds at most, until everything that follows from something has begun. False when more may still
   * come: a retraction now would miss that. @throws actions.trace_not_found
   */
  isSettled(ref: string): Promise<boolean>;
  /** @throws actions.trace_not_found */
  foresee(ref: string): Promise<ForeseenRetraction>;
  /**
   * Calls off what has not happened yet, so that nothing new comes of it, and undoes what has, the last change first.
   * What others claim too, was so before us, or has no inverse stays, and is told. Safe to repeat.
   *
   * @throws actions.trace_not_found
   */
  retract(wish: RetractionWish): Promise<RetractionResult>;
}

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);
/** What throwing a held event away says when it went on, or somebody else dealt with it, at that moment. */
const GONE_ON: ReadonlySet<string> = new Set(['fabric.reaction_event_over', 'events.conflict']);
const MANY = 500;
/** How often it is looked at what has come of events meanwhile. */
const ROUNDS = 5;
/** How often it is looked whether cancelled runs have ended, and how long between, in milliseconds. */
const LOOKS = 50;
const BETWEEN = 100;

/** Makes the {@link Retractions}. */
export function createRetractions(options: RetractionOptions): Retractions {
  const { context } = options;
  const { store, clock } = context;
  return {
    isSettled: (ref) => isSettled(options, ref),
    async foresee(ref) {
      const consequences = await consequencesOf(store, ref);
      const waiting = await waitingOf(options, consequences);
      const effects = await foreseeRetraction(context, ref);
      // Those that people have not let happen yet go with the run or matter that waits for it.
      const begun = effects.filter(({ effect }) => effect.state !== 'held');
      return { trace: consequences.trace, effects: begun, ...waiting };
    },
    async retract(wish) {
      const { ref, reason, causality, waiting = true } = wish;
      await isSettled(options, ref);
      const consequences = await consequencesOf(store, ref);
      const called = waiting ? await callOff(options, consequences, wish) : { discarded: [], cancelled: [] };
      // Before anything is undone: who says it again now must be heard, and then claims what is not undone yet.
      await options.forget(consequences);
      const released = await undoWhatFollowed(context, { ref, reason, causality });
      const result = { ...released, ...called };
      if (didAnything(result)) await store.commit(told(wish, consequences.trace, result, clock.now()));
      return result;
    },
  };
}

/** What follows may publish what others react to: looked at until nothing new has come. */
async function isSettled({ context: { store }, caughtUp }: RetractionOptions, ref: string): Promise<boolean> {
  let { events } = await consequencesOf(store, ref);
  for (let round = 0; round < ROUNDS; round++) {
    if (!(await caughtUp(events))) return false;
    const now = await consequencesOf(store, ref);
    if (now.events.length === events.length) return true;
    events = now.events;
  }
  return false;
}

async function waitingOf({ context }: RetractionOptions, { events, runs, matters }: Consequences) {
  const { store } = context;
  const held = await inGroups(events, (ids) =>
    store.find('reaction_events', { where: { event: { in: ids }, outcome: 'held' }, limit: MANY }),
  );
  const rows = await inGroups(runs, (ids) => store.find('runs', { where: { id: { in: ids } }, limit: MANY }));
  const items = await inGroups(matters, (ids) =>
    store.find('inbox_items', { where: { id: { in: ids }, status: 'open', run: '', about: '' }, limit: MANY }),
  );
  return { held, runs: rows.filter(({ status }) => !ENDED.has(status)), matters: items };
}

async function inGroups<Row>(
  ids: readonly string[],
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let from = 0; from < ids.length; from += MANY) found.push(...(await find(ids.slice(from, from + MANY))));
  return found;
}

/** Order matters: what is held could still start runs, and what runs could still act. */
async function callOff(
  options: RetractionOptions,
  before: Consequences,
  { ref, reason, causality }: RetractionWish,
): Promise<Pick<RetractionResult, 'discarded' | 'cancelled'>> {
  const { context, engine } = options;
  const { store, clock } = context;
  const discarded = await discardHeld(options, before, causality.principal);
  // What went on just now is among the runs of the trace by now.
  const consequences = await consequencesOf(store, ref);
  const { runs, matters } = await waitingOf(options, consequences);
  for (const { id } of runs) await engine.cancel(id, causality.principal, reason);
  for (const { id } of matters) {
    await retryOnConflict(async () => {
      await store.commit(cancelItem(await store.get('inbox_items', id), clock.now()));
    });
  }
  for (const id of consequences.effects) {
    await retryOnConflict(async () => {
      const row = await store.get('effects', id);
      if (row?.run === '') await store.commit(cancelHeld(row, clock.now()));
    });
  }
  const cancelled = runs.map(({ id }) => id);
  await haveEnded(options, cancelled);
  return { discarded, cancelled };
}

/** Throws away what is held, unless it goes on meanwhile; in rounds, since a storm may have held more than one round takes. */
async function discardHeld(options: RetractionOptions, of: Consequences, by: string): Promise<readonly string[]> {
  const discarded: string[] = [];
  for (;;) {
    const { held } = await waitingOf(options, of);
    const before = discarded.length;
    for (const { id } of held) {
      try {
        await options.discard(id, by);
        discarded.push(id);
      } catch (error) {
        if (!isCounterpointError(error) || !GONE_ON.has(error.code)) throw error;
      }
    }
    if (discarded.length === before) return discarded;
  }
}

/** Waits, for a few seconds at most, until cancelled runs have ended: until then they may still be acting. */
async function haveEnded({ context: { store, clock } }: RetractionOptions, ids: readonly string[]): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const rows = await inGroups(ids, (some) => store.find('runs', { where: { id: { in: some } }, limit: MANY }));
    if (rows.every(({ status }) => ENDED.has(status))) return;
    await new Promise<void>((resolve) => {
      clock.after(BETWEEN, resolve);
    });
  }
}

function didAnything({ undone, kept, failed, discarded, cancelled }: RetractionResult): boolean {
  return [undone, kept, failed, discarded, cancelled].some((list) => list.length > 0);
}

function told(
  { ref, reason, causality }: RetractionWish,
  trace: string,
  result: RetractionResult,
  now: number,
): Change {
  const { undone, kept, failed, discarded, cancelled } = result;
  const counts = {
    undone: undone.length,
    kept: kept.length,
    failed: failed.length,
    discarded: discarded.length,
    cancelled: cancelled.length,
  };
  const { principal } = causality;
  const data = { ref, reason, ...counts };
  return {
    events: [newEvent(RETRACTED, ref.slice(0, MANY), data, causedBy(causality, causality.cause), now)],
    audit: [{ at: now, principal, action: 'fabric.retracted', object: ref, data, trace }],
  };
}

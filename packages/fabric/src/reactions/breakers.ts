import { askFreely, cancelItem } from '@counterpoint/cases';
import { type Json, newTraceId, stableId } from '@counterpoint/core';
import {
  type BreakerRow,
  type Causality,
  type Change,
  causedBy,
  type EventEnvelope,
  mergeChanges,
  newEvent,
  type ReactionEventRow,
  type RowWrite,
  type Store,
  type Where,
} from '@counterpoint/events';
import { errors } from '../errors.ts';
import { createMeter, type Meter } from './meter.ts';
import type { ReactionsOptions } from './reaction.ts';

/** The topic that tells of a storm. */
export const STORM = 'fabric.storm.v1';
/** Why an event is held while the breaker of its reaction is open. */
export const STORM_REASON = 'storm';

/** What a breaker is of: a reaction, or what one participant publishes on one topic. */
export type BreakerOf =
  | { readonly kind: 'reaction'; readonly reaction: string }
  | { readonly kind: 'flood'; readonly participant: string; readonly topic: string };

/** Breakers hold what comes once more comes than anybody meant to; only people close them again. */
export interface Breakers {
  /** Reads which are open; other processes close them too. Whether any closed that was open. */
  refresh(): Promise<boolean>;
  isOpen(id: string): boolean;
  /** Counts an event; whether this one is the first too many. */
  count(of: BreakerOf, now: number): boolean;
  /** Counts from nothing again. */
  reset(id: string): void;
  /** What opening a breaker writes; it counts as open from now on. `undo` when that could not be committed. */
  open(of: BreakerOf, by: EventEnvelope): Promise<{ readonly change: Change; readonly undo: () => void }>;
  /** Closes one; it counts as closed from the next `refresh` on. @throws fabric.breaker_closed */
  close(id: string, decision: string, by: string): Promise<BreakerRow>;
  /** Reasons of held rows of a reaction that must not go on yet; never empty. */
  blocked(reaction: string): readonly string[];
}

/** The id of a breaker: a reaction's own, or `<participant>@<topic>`. */
export function breakerId(of: BreakerOf): string {
  return of.kind === 'reaction' ? of.reaction : `${of.participant}@${of.topic}`;
}

/** Takes a breaker's id apart. */
export function breakerOf(id: string): BreakerOf {
  const at = id.indexOf('@');
  if (at === -1) return { kind: 'reaction', reaction: id };
  return { kind: 'flood', participant: id.slice(0, at), topic: id.slice(at + 1) };
}

/** Why an event is held while a breaker is open. */
export function reasonOf(of: BreakerOf): string {
  return of.kind === 'reaction' ? STORM_REASON : `flood:${of.participant}`;
}

/** What a breaker holds, as conditions on `reaction_events`. */
export function heldBy(id: string): Where<ReactionEventRow> {
  const of = breakerOf(id);
  const reason = reasonOf(of);
  return of.kind === 'reaction'
    ? { outcome: 'held', reaction: of.reaction, reason }
    : { outcome: 'held', topic: of.topic, reason };
}

const FORM: Json = {
  type: 'object',
  properties: {
    decision: {
      type: 'string',
      title: 'What becomes of the events that are held',
      enum: ['release', 'discard'],
      default: 'release',
    },
  },
  required: ['decision'],
  additionalProperties: false,
};

/** With so many meters, those that nobody needs now are forgotten before another is made. */
const METERS = 1_000;

/** Makes {@link Breakers} over the rows of a store. */
export function createBreakers({ store, clock, storm }: Pick<ReactionsOptions, 'store' | 'clock' | 'storm'>): Breakers {
  const meters = new Map<string, Meter>();
  let open: ReadonlySet<string> = new Set();
  const meterOf = (id: string, now: number): Meter => {
    const known = meters.get(id);
    if (known) return known;
    if (meters.size >= METERS) for (const [other, meter] of meters) if (meter.isIdle(now)) meters.delete(other);
    const meter = createMeter(storm.events, storm.window);
    meters.set(id, meter);
    return meter;
  };
  return {
    async refresh() {
      const rows = await store.find('breakers', { where: { state: 'open' }, limit: 10_000 });
      const now = new Set(rows.map(({ id }) => id));
      const closed = [...open].filter((id) => !now.has(id));
      for (const id of closed) meters.get(id)?.reset();
      open = now;
      return closed.length > 0;
    },
    isOpen: (id) => open.has(id),
    count: (of, now) => meterOf(breakerId(of), now).count(now),
    reset: (id) => meters.get(id)?.reset(),
    async open(of, by) {
      const id = breakerId(of);
      open = new Set([...open, id]);
      const undo = (): void => {
        open = new Set([...open].filter((one) => one !== id));
      };
      try {
        const standing = await store.get('breakers', id);
        if (standing?.state === 'open') return { change: {}, undo };
        return { change: opening({ id, of, by, standing, storm, now: clock.now() }), undo };
      } catch (error) {
        undo();
        throw error;
      }
    },
    async close(id, decision, by) {
      return closeStored(store, id, { decision, by, now: clock.now() });
    },
    blocked(reaction) {
      const ofOthers = [...open].map(breakerOf).filter((of) => of.kind === 'flood' || of.reaction === reaction);
      return ['', ...ofOthers.map(reasonOf)];
    },
  };
}

interface Opening {
  readonly id: string;
  readonly of: BreakerOf;
  readonly by: EventEnvelope;
  readonly standing: BreakerRow | undefined;
  readonly storm: ReactionsOptions['storm'];
  readonly now: number;
}

function opening({ id, of, by, standing, storm, now }: Opening): Change {
  const seconds = Math.round(storm.window / 1_000);
  const who =
    of.kind === 'reaction'
      ? `More than ${storm.events} events in ${seconds} s have met the condition of the reaction ${of.reaction}`
      : `${of.participant} has published more than ${storm.events} events on ${of.topic} in ${seconds} s that reactions act on`;
  const rev = (standing?.rev ?? 0) + 1;
  const item = stableId('storm', id, String(rev));
  const row: BreakerRow = { id, state: 'open', reason: `${who}.`, at: now, item, rev };
  const write: RowWrite = { op: standing ? 'update' : 'insert', table: 'breakers', row };
  const causality: Causality = causedBy(by, `event:${by.id}`, 'system');
  const text = `${who}. Everything that comes is held until somebody decides: let it go on at the rate of the reaction, or throw it away?`;
  const question = askFreely({ id: item, about: `storm:${id}`, text, form: FORM, causality, now });
  const data = {
    breaker: id,
    reaction: of.kind === 'reaction' ? of.reaction : '',
    participant: of.kind === 'flood' ? of.participant : '',
    topic: by.type,
    events: storm.events,
    window_seconds: seconds,
    reason: row.reason,
  };
  const audit = {
    at: now,
    principal: 'system',
    action: 'fabric.storm',
    object: `breaker:${id}`,
    data: { reason: row.reason, item },
    trace: by.trace,
  };
  const told = newEvent(STORM, `breaker:${id}`, data, causality, now);
  return mergeChanges({ rows: [write] }, question, { events: [told], audit: [audit] });
}

interface Closing {
  readonly decision: string;
  readonly by: string;
  readonly now: number;
}

async function closeStored(store: Store, id: string, { decision, by, now }: Closing): Promise<BreakerRow> {
  const row = await store.get('breakers', id);
  if (row?.state !== 'open') throw errors.breaker_closed({ breaker: id });
  const item = await store.get('inbox_items', row.item);
  const next: BreakerRow = { ...row, state: 'closed', item: '', at: now, rev: row.rev + 1 };
  const audit = {
    at: now,
    principal: by,
    action: 'fabric.storm_decided',
    object: `breaker:${id}`,
    data: { decision },
    trace: item?.trace ?? newTraceId(),
  };
  const change: Change = { rows: [{ op: 'update', table: 'breakers', row: next }], audit: [audit] };
  await store.commit(mergeChanges(change, cancelItem(item?.status === 'open' ? item : undefined, now)));
  return next;
}

import { type CounterpointError, isCounterpointError } from '@counterpoint/core';
import { isConcerned, type PublishedPlan } from '@counterpoint/engine';
import type { EventEnvelope, ReactionEventRow, RowWrite } from '@counterpoint/events';
import type { ReactionPlan } from '@counterpoint/playbook';
import { act, reactedEvent, settling } from './act.ts';
import { inLane, type Lane, roomIn } from './lanes.ts';
import { changedOutcome } from './outcome-row.ts';
import type { Matter, Reacting } from './reacting.ts';

/** Held events that are looked at in one turn of a lane. */
const TURN = 50;
/** Milliseconds after which a turn that failed is tried again. */
const AGAIN = 1_000;

/** Holds an event because of its reaction's rate, behind those that are held already. */
export async function holdForRoom(reacting: Reacting, matter: Matter, lane: Lane): Promise<void> {
  const { store, clock } = reacting.options;
  const now = clock.now();
  await store.commit({
    rows: [holding(matter, lane, { reason: 'rate', expires_at: now + matter.reaction.limits.stale, now })],
  });
  lane.waiting += 1;
  arrange(reacting, lane, matter.reaction);
}

/** The write of an event that is held. Rows of one reaction are ordered by when they were held. */
export function holding(
  matter: Matter,
  lane: Lane,
  { reason, expires_at, now }: { readonly reason: string; readonly expires_at: number | null; readonly now: number },
): RowWrite {
  lane.heldAt = Math.max(now, lane.heldAt + 1);
  return settling(matter, undefined, { outcome: 'held', reason, expires_at, at: lane.heldAt });
}

/** Lets held events go on as soon as there is room. */
export function arrange(reacting: Reacting, lane: Lane, reaction: Pick<ReactionPlan, 'limits'>): void {
  lane.disarm();
  lane.disarm = () => undefined;
  if (lane.waiting === 0) return;
  const { clock } = reacting.options;
  const now = clock.now();
  const { room, next } = roomIn(lane, reaction.limits.rate, now);
  lane.disarm = clock.after(room > 0 ? 0 : Math.max(1, next - now), () => {
    turn(reacting, lane).catch((error: unknown) => {
      reacting.options.onProblem?.(error);
      lane.disarm = clock.after(AGAIN, () => void turn(reacting, lane).catch(reacting.options.onProblem));
    });
  });
}

/** Lets as many held events of a reaction go on as there is room for, the oldest first. */
export async function turn(reacting: Reacting, lane: Lane): Promise<void> {
  await inLane(lane, async () => {
    const published = await currentOf(reacting, lane.reaction);
    const reaction = published?.plan.reaction;
    if (!published || !reaction || reacting.breakers.isOpen(lane.reaction)) return;
    const { store, clock } = reacting.options;
    const { room } = roomIn(lane, reaction.limits.rate, clock.now());
    const limit = Math.min(TURN, room);
    if (limit > 0) {
      const rows = await store.find('reaction_events', {
        where: {
          reaction: lane.reaction,
          outcome: 'held',
          reason: { notIn: reacting.breakers.blocked(lane.reaction) },
        },
        orderBy: [{ column: 'at' }],
        limit,
      });
      for (const row of rows) await goOnOrRefuse(reacting, lane, published, row);
      lane.waiting = rows.length < limit ? 0 : Math.max(1, lane.waiting - rows.length);
    }
    arrange(reacting, lane, reaction);
  });
}

/** The current plan of a reaction; undefined while it is disabled: what is held stays held. */
async function currentOf({ options }: Reacting, reaction: string): Promise<PublishedPlan | undefined> {
  try {
    return await options.plans.current(reaction);
  } catch (error) {
    if (!isCounterpointError(error, 'engine.playbook_unknown')) throw error;
    return undefined;
  }
}

/** One that can never go on must not stand in the way of those behind it. */
async function goOnOrRefuse(
  reacting: Reacting,
  lane: Lane,
  published: PublishedPlan,
  row: ReactionEventRow,
): Promise<void> {
  try {
    await goOn(reacting, lane, published, row);
  } catch (error) {
    if (isCounterpointError(error) && mayPass(error)) throw error;
    reacting.options.onProblem?.(error);
    await replace(reacting, row, { outcome: 'refused', reason: 'failed' });
  }
}

/** Whether an error says nothing about the event: the store is in trouble, or the reaction was disabled just now. */
function mayPass({ code, retryable }: CounterpointError): boolean {
  return retryable || code.startsWith('events.') || code === 'engine.playbook_unknown';
}

async function goOn(reacting: Reacting, lane: Lane, published: PublishedPlan, row: ReactionEventRow): Promise<void> {
  const { clock } = reacting.options;
  const now = clock.now();
  const event = await eventOf(reacting, row.event);
  const { plan } = published;
  const { reaction } = plan;
  if (!reaction) return;
  if (!event) return replace(reacting, row, { outcome: 'expired', reason: 'event_gone' });
  if (row.expires_at !== null && row.expires_at <= now) return replace(reacting, row, { outcome: 'expired' });
  if (row.version !== plan.version && !stillConcerned(reaction, event, now)) {
    return replace(reacting, row, { outcome: 'refused', reason: 'condition' });
  }
  const acted = await act(reacting, { plan, reaction, event }, { row });
  if (acted === 'started') lane.starts.push(clock.now());
}

/** Whether an event that was held meets the condition of the version that is current by now. */
function stillConcerned(reaction: ReactionPlan, event: EventEnvelope, now: number): boolean {
  try {
    return isConcerned(reaction, reactedEvent(event), now);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return false;
  }
}

/** The event as it was announced; undefined when it is no longer kept. */
export async function eventOf({ options }: Reacting, id: string): Promise<EventEnvelope | undefined> {
  const row = await options.store.get('outbox', id);
  return row && (row.envelope as unknown as EventEnvelope);
}

/** Writes what became of a held event, unless somebody else has dealt with it meanwhile. */
async function replace(
  { options }: Reacting,
  row: ReactionEventRow,
  facts: Partial<Pick<ReactionEventRow, 'outcome' | 'reason'>>,
): Promise<void> {
  try {
    await options.store.commit({
      rows: [{ op: 'update', table: 'reaction_events', row: changedOutcome(row, facts) }],
    });
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
  }
}

/** Ends what was held for too long. */
export async function expireHeld(reacting: Reacting): Promise<void> {
  const { store, clock } = reacting.options;
  for (;;) {
    const rows = await store.find('reaction_events', {
      where: { outcome: 'held', expires_at: { lte: clock.now() } },
      orderBy: [{ column: 'expires_at' }],
      limit: TURN,
    });
    for (const row of rows) await replace(reacting, row, { outcome: 'expired' });
    if (rows.length < TURN) return;
  }
}

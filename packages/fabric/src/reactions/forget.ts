import { isCounterpointError } from '@counterpoint/core';
import { reactionKey } from '@counterpoint/engine';
import type { EventEnvelope, ReactionKeyRow, RowWrite, RunRow } from '@counterpoint/events';
import { reactedEvent } from './act.ts';
import { eventOf } from './backlog.ts';
import { keyId } from './keys.ts';
import type { Reacting } from './reacting.ts';
import type { TakenBack } from './reaction.ts';

/** Rows that are asked for at once. */
const GROUP = 500;
/** How often it is tried to change a key that others change too. */
const TRIES = 10;

/** A key, and the event whose word about it no longer counts. */
interface Withdrawn {
  readonly id: string;
  readonly event: string;
}

/**
 * Takes events that turned out to be wrong out of what is known of keys: what was acted on because of them may be acted
 * on again, and their publishers no longer count among the sources. Gives how many keys that changed. Safe to repeat.
 */
export async function forget(reacting: Reacting, taken: TakenBack): Promise<number> {
  const all = [...(await actedOn(reacting, taken)), ...(await heardOf(reacting, taken.events))];
  let count = 0;
  for (const one of all) if (await withdraw(reacting, one)) count += 1;
  return count;
}

/** The keys that were acted on because of events, or by runs. */
async function actedOn({ options: { store } }: Reacting, { events, runs }: TakenBack): Promise<readonly Withdrawn[]> {
  const of = (ids: readonly string[]) =>
    inGroups(ids, (some) => store.find('reaction_keys', { where: { event: { in: some } }, limit: GROUP * 10 }));
  const rows = await inGroups(runs, (some) => store.find('runs', { where: { id: { in: some } }, limit: GROUP }));
  const reacted = new Set(rows.map((run) => `${run.playbook} ${eventBehind(run)}`));
  const ofRuns = await of(rows.map(eventBehind));
  const keys = [...(await of(events)), ...ofRuns.filter(({ reaction, event }) => reacted.has(`${reaction} ${event}`))];
  return keys.map(({ id, event }) => ({ id, event }));
}

/** The event that a reaction started a run for; empty for other runs. */
function eventBehind({ principal, cause }: RunRow): string {
  return principal.startsWith('reaction:') && cause.startsWith('event:') ? cause.slice('event:'.length) : '';
}

/** The keys that events were counted for, while too few sources had said it. */
async function heardOf(reacting: Reacting, events: readonly string[]): Promise<readonly Withdrawn[]> {
  const { store, clock } = reacting.options;
  const rows = await inGroups(events, (some) =>
    store.find('reaction_events', { where: { event: { in: some }, outcome: 'unconfirmed' }, limit: GROUP * 10 }),
  );
  const found = rows.map(async ({ reaction, event }): Promise<readonly Withdrawn[]> => {
    const said = await eventOf(reacting, event);
    const id = said && (await keyOf(reacting, reaction, said, clock.now()));
    return id === undefined ? [] : [{ id, event }];
  });
  return (await Promise.all(found)).flat();
}

async function keyOf(
  { options }: Reacting,
  id: string,
  event: EventEnvelope,
  now: number,
): Promise<string | undefined> {
  try {
    const { plan } = await options.plans.current(id);
    const key = plan.reaction && reactionKey(plan.reaction, reactedEvent(event), now);
    return plan.reaction && key !== undefined ? keyId(plan, plan.reaction, key) : undefined;
  } catch (error) {
    // Disabled meanwhile, or another version with a key that this event does not have.
    if (!isCounterpointError(error) || error.code.startsWith('events.')) throw error;
    return undefined;
  }
}

/** Takes the word of one event out of a key; whether that changed it. */
async function withdraw(reacting: Reacting, { id, event }: Withdrawn): Promise<boolean> {
  const { store } = reacting.options;
  const said = await eventOf(reacting, event);
  for (let attempt = 1; ; attempt++) {
    const row = await store.get('reaction_keys', id);
    const write = row && without(row, event, said?.participant);
    if (!write) return false;
    try {
      await store.commit({ rows: [write] });
      return true;
    } catch (error) {
      if (!isCounterpointError(error, 'events.conflict') || attempt === TRIES) throw error;
    }
  }
}

function without(row: ReactionKeyRow, event: string, publisher: string | undefined): RowWrite | undefined {
  const publishers = row.publishers.filter((one) => one !== publisher);
  if (row.event !== event && publishers.length === row.publishers.length) return undefined;
  const next = { ...row, publishers, event: row.event === event ? '' : row.event, rev: row.rev + 1 };
  return { op: 'update', table: 'reaction_keys', row: next };
}

async function inGroups<Row>(
  ids: readonly string[],
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const known = [...new Set(ids)].filter((id) => id !== '');
  const found: Row[] = [];
  for (let from = 0; from < known.length; from += GROUP) found.push(...(await find(known.slice(from, from + GROUP))));
  return found;
}

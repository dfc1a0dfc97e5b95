import { isCounterpointError } from '@counterpoint/core';
import type { AuditEntry, ReactionEventRow, Where } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { act } from './act.ts';
import { eventOf } from './backlog.ts';
import { changedOutcome } from './outcome-row.ts';
import type { Reacting } from './reacting.ts';

/** Nothing can be done about these any more. */
const OVER: ReadonlySet<ReactionEventRow['outcome']> = new Set(['started', 'observed']);
const PAGE = 200;

/** Acts on one event because a person says so. @throws see `Reactions.release` */
export async function releaseOne(reacting: Reacting, id: string, by: string): Promise<ReactionEventRow> {
  const { store, plans } = reacting.options;
  const row = await openRow(reacting, id);
  const event = await eventOf(reacting, row.event);
  if (!event) throw errors.event_gone({ event: row.event });
  const { plan } = await plans.current(row.reaction);
  const { reaction } = plan;
  if (!reaction) throw errors.reaction_event_unknown({ id });
  if (reaction.site !== (reacting.options.site ?? ''))
    throw errors.reaction_elsewhere({ site: reaction.site || 'the centre' });
  const audit = [entry(reacting, row, 'reaction.released', by)];
  await act(reacting, { plan, reaction, event }, { row, force: true, audit });
  return (await store.get('reaction_events', id)) ?? row;
}

/** Throws one event away because a person says so. @throws see `Reactions.discard` */
export async function discardOne(reacting: Reacting, id: string, by: string): Promise<ReactionEventRow> {
  const row = await openRow(reacting, id);
  const after = changedOutcome(row, { outcome: 'discarded', reason: row.reason });
  await reacting.options.store.commit({
    rows: [{ op: 'update', table: 'reaction_events', row: after }],
    audit: [entry(reacting, row, 'reaction.discarded', by)],
  });
  return after;
}

/** Throws away everything that is held and meets some conditions; gives how much that was. */
export async function discardHeld(reacting: Reacting, of: Where<ReactionEventRow>, by: string): Promise<number> {
  const { store } = reacting.options;
  let count = 0;
  for (;;) {
    const rows = await store.find('reaction_events', { where: { ...of, outcome: 'held' }, limit: PAGE });
    for (const row of rows) {
      try {
        await discardOne(reacting, row.id, by);
        count += 1;
      } catch (error) {
        // It went on or expired meanwhile.
        if (
          !isCounterpointError(error, 'events.conflict') &&
          !isCounterpointError(error, 'fabric.reaction_event_over')
        ) {
          throw error;
        }
      }
    }
    if (rows.length < PAGE) return count;
  }
}

async function openRow({ options }: Reacting, id: string): Promise<ReactionEventRow> {
  const row = await options.store.get('reaction_events', id);
  if (!row) throw errors.reaction_event_unknown({ id });
  if (OVER.has(row.outcome)) throw errors.reaction_event_over({ id, outcome: row.outcome });
  return row;
}

function entry({ options }: Reacting, row: ReactionEventRow, action: string, by: string): AuditEntry {
  const { event, outcome, reason, trace } = row;
  const data = { event, outcome, reason };
  return { at: options.clock.now(), principal: by, action, object: `reaction:${row.reaction}`, data, trace };
}

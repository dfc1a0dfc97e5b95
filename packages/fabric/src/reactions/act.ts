import { isCounterpointError, newId } from '@counterpoint/core';
import { causalityOfEvent, isSimulated, type ReactedEvent, reactionInputs, triggerKey } from '@counterpoint/engine';
import type { AuditEntry, EventEnvelope, ReactionEventRow, RowWrite } from '@counterpoint/events';
import type { KeyFinding } from './keys.ts';
import { changedOutcome, type OutcomeFacts, outcomeId, outcomeRow } from './outcome-row.ts';
import type { Matter, Reacting } from './reacting.ts';
import { reactionTrigger } from './reaction-trigger.ts';
import { wouldOf } from './would.ts';

/** How something is acted on that was held before, or that a person lets through. */
export interface ActingOn {
  /** What stood about the event; it is brought up to date in the same commit. */
  readonly row?: ReactionEventRow | undefined;
  /** A person wants it: what is known of the key does not stand in the way. */
  readonly force?: boolean;
  readonly audit?: readonly AuditEntry[];
}

/** What acting on an event came to. */
export type Acted =
  | 'started'
  /** The run was there already. */
  | 'existing'
  /** No run: a row says why. */
  | 'settled';

/** How often it is decided anew when others come in between. */
const TRIES = 10;

/** An envelope as the rules look at it. */
export function reactedEvent({ id, subject, data, hop, participant }: EventEnvelope): ReactedEvent {
  return { id, subject, data, hop, participant };
}

/**
 * Whether an event was dealt with before, as a run or as a row: it comes again when its acknowledgement was lost, and may
 * by then meet other circumstances.
 */
export async function isDealtWith({ options }: Reacting, matter: Matter): Promise<boolean> {
  const { plan, event } = matter;
  const trigger_key = triggerKey(plan.id, reactionTrigger(matter.reaction, matter.event.id));
  const [row, runs] = await Promise.all([
    options.store.get('reaction_events', outcomeId(plan.id, event.id)),
    options.store.find('runs', { where: { trigger_key }, limit: 1 }),
  ]);
  return row !== undefined || runs.length > 0;
}

/** The write of what became of an event, over the row that said so before. Writing it again changes nothing. */
export function settling({ plan, event }: Matter, row: ReactionEventRow | undefined, facts: OutcomeFacts): RowWrite {
  if (row) return { op: 'update', table: 'reaction_events', row: changedOutcome(row, { ...facts, at: row.at }) };
  return { op: 'ensure', table: 'reaction_events', row: outcomeRow(plan, event, facts) };
}

/**
 * Acts on an event by the mode of the reaction, unless its key says otherwise. Key, row and run are one commit; when
 * somebody else was first on any of them, it is decided anew.
 *
 * @throws what committing and starting runs throws
 */
export async function act(reacting: Reacting, matter: Matter, on: ActingOn = {}): Promise<Acted> {
  const { store } = reacting.options;
  let { row } = on;
  for (let attempt = 1; ; attempt++) {
    try {
      return await actOnce(reacting, matter, { ...on, row });
    } catch (error) {
      if (!isCounterpointError(error, 'events.conflict') || attempt === TRIES) throw error;
      const standing = await store.get('reaction_events', outcomeId(matter.plan.id, matter.event.id));
      // Somebody else has dealt with it meanwhile.
      if (standing && standing.rev !== row?.rev) return 'settled';
      row = standing;
    }
  }
}

async function actOnce(reacting: Reacting, matter: Matter, on: ActingOn): Promise<Acted> {
  const { options, keys } = reacting;
  const { plan, reaction, event } = matter;
  const now = options.clock.now();
  let key: KeyFinding;
  try {
    key = await keys.find(plan, reaction, reactedEvent(event), now);
  } catch (error) {
    if (!isCounterpointError(error) || error.retryable || error.code.startsWith('events.')) throw error;
    return settle(reacting, matter, on, { outcome: 'refused', reason: 'key', at: now });
  }
  if (!on.force && key.kind !== 'free') {
    return settle(reacting, matter, on, { outcome: key.kind, at: now }, key.kind === 'unconfirmed' ? key.writes : []);
  }
  const writes = key.kind === 'duplicate' ? [] : key.writes;
  return (reaction.mode === 'observe' ? observe : start)(reacting, matter, on, writes);
}

async function settle(
  { options }: Reacting,
  matter: Matter,
  { row, audit = [] }: ActingOn,
  facts: OutcomeFacts,
  writes: readonly RowWrite[] = [],
): Promise<Acted> {
  await options.store.commit({ rows: [settling(matter, row, facts), ...writes], audit });
  return 'settled';
}

async function observe(reacting: Reacting, matter: Matter, on: ActingOn, writes: readonly RowWrite[]): Promise<Acted> {
  const { rehearse, plans, clock } = reacting.options;
  const published = await plans.current(matter.plan.id);
  const run = await rehearse(published, matter.event);
  const reason = run.run.status === 'succeeded' ? '' : (run.run.error?.name ?? run.run.status);
  const facts: OutcomeFacts = { outcome: 'observed', reason, would: wouldOf(run), at: clock.now() };
  return settle(reacting, matter, on, facts, writes);
}

async function start(
  { options }: Reacting,
  matter: Matter,
  { row, audit = [] }: ActingOn,
  writes: readonly RowWrite[],
): Promise<Acted> {
  const { plan, reaction, event } = matter;
  const rows: RowWrite[] = [...writes];
  const at = options.clock.now();
  const id = newId(at);
  if (row) rows.push(settling(matter, row, { outcome: 'started', run: id, at }));
  const { run, existing } = await options.engine.startRun({
    id,
    playbook: plan.id,
    trigger: reactionTrigger(matter.reaction, matter.event.id),
    event: event.data,
    inputs: reactionInputs(reactedEvent(event)),
    causality: causalityOfEvent(event),
    simulated: isSimulated(event.data),
    ask: reaction.mode === 'ask',
    change: { rows, audit },
  });
  if (!existing) return 'started';
  if (row) await options.store.commit({ rows: [settling(matter, row, { outcome: 'started', run, at })], audit });
  return 'existing';
}

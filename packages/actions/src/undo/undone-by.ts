import { retryOnConflict } from '@counterpoint/cases';
import { type Change, causalityOf, type EffectRow, mergeChanges, type Reader } from '@counterpoint/events';
import type { ActionOutcome } from '../door.ts';
import type { DoorContext } from '../door-context.ts';
import { claimsOf, endedClaim } from '../ledger/claims.ts';
import { effectAudit, updateEffect } from '../ledger/conclude.ts';
import { changed } from '../ledger/effect-row.ts';
import type { Prepared } from '../prepare.ts';

const MANY = 1_000;

/** The actions of the connector whose declared inverse is the action that was asked for. */
function undoes({ connector, request }: Prepared): readonly string[] {
  const actions = Object.entries(connector.manifest.actions);
  return actions.filter(([, { inverse }]) => inverse?.action === request.action).map(([name]) => name);
}

/** The effects in force on the target that the action takes away. */
function takenAway(reader: Reader, prepared: Prepared, actions: readonly string[]): Promise<readonly EffectRow[]> {
  const { connection, target } = prepared;
  const state = { in: ['performed', 'undo_failed'] } as const;
  const where = { connection: connection.id, target, action: { in: actions }, state, undo_of: '', site: '' };
  return reader.find('effects', { where, limit: MANY });
}

/** Ends an effect with its claims because `by` took it away. */
async function undone(reader: Reader, row: EffectRow, by: EffectRow, now: number): Promise<Change> {
  const claims = (await claimsOf(reader, row.id)).filter((claim) => claim.ended_at === null);
  const over = changed(row, { state: 'undone', wake_at: null, ended_at: now, error: null });
  const entry = effectAudit(over, 'effect.undone', now, { by: `effect:${by.id}`, claims: claims.length });
  return mergeChanges(updateEffect(over), {
    rows: claims.map((claim) => ({ op: 'update', table: 'claims', row: endedClaim(claim, now) }) as const),
    audit: [{ ...entry, principal: causalityOf(by).principal }],
  });
}

/**
 * After an action that succeeded: when it is the inverse of effects that are in force on the same target through the
 * same connection, they are undone by it and nobody claims them any more, in the same commit as its receipt. That commit
 * is made here, with retries, since others change those effects at the same time. Everything else is left to the caller.
 */
export async function undoneBy(
  context: DoorContext,
  prepared: Prepared,
  row: EffectRow,
  outcome: ActionOutcome,
): Promise<ActionOutcome> {
  const { store, clock } = context;
  const actions = outcome.status === 'succeeded' && prepared.target !== '' ? undoes(prepared) : [];
  if (actions.length === 0) return outcome;
  return retryOnConflict(async () => {
    const rows = await takenAway(store, prepared, actions);
    if (rows.length === 0) return outcome;
    const changes = await Promise.all(rows.map((one) => undone(store, one, row, clock.now())));
    await store.commit(mergeChanges(outcome.change, ...changes));
    return { ...outcome, change: {} };
  });
}

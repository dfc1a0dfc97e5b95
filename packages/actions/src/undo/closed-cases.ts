import { CASE_CLOSED, type ClosedCase, retryOnConflict } from '@counterpoint/cases';
import { type Change, type ClaimRow, mergeChanges } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { caseHolder, claimsOf, endedClaim } from '../ledger/claims.ts';
import { effectAudit, updateEffect } from '../ledger/conclude.ts';
import { changed } from '../ledger/effect-row.ts';
import { getEffect } from '../ledger/standing.ts';

const MANY = 10_000;

type Stored = Pick<DoorContext, 'store' | 'clock'>;

/** Whether a change closes a case, so that its claims are to end. */
export function closesCase(change: Change): boolean {
  return (
    change.rows?.some(
      (write) => write.table === 'settings' && write.op === 'put' && write.row.id.startsWith(CASE_CLOSED),
    ) ?? false
  );
}

/**
 * Ends the claims of every case that was closed since this was last done, by any process. Sends nothing: an effect that
 * nobody claims any more is due at once. The mark that a closed case leaves goes away only when all of its claims have
 * ended, so that a crash in between changes nothing.
 */
export async function endClaimsOfClosedCases(context: Stored): Promise<void> {
  const { store } = context;
  for (;;) {
    const marks = await store.find('settings', { where: { id: { prefix: CASE_CLOSED } }, limit: 100 });
    for (const mark of marks) {
      await endClaims(context, mark.value as unknown as ClosedCase);
      await store.commit({ rows: [{ op: 'delete', table: 'settings', id: mark.id }] });
    }
    if (marks.length < 100) return;
  }
}

async function endClaims(context: Stored, closed: ClosedCase): Promise<void> {
  const where = { holder: caseHolder(closed.case), ended_at: null } as const;
  const claims = await context.store.find('claims', { where, limit: MANY });
  // What was claimed after the case was opened again is not meant.
  const meant = claims.filter((claim) => claim.created_at <= closed.at);
  for (const [effect, own] of Map.groupBy(meant, (claim) => claim.effect)) {
    await endOn(context, effect, own, closed);
  }
}

function endOn(
  { store, clock }: Stored,
  effect: string,
  meant: readonly ClaimRow[],
  closed: ClosedCase,
): Promise<void> {
  const ids = new Set(meant.map((claim) => claim.id));
  return retryOnConflict(async () => {
    const row = await getEffect(store, effect);
    const ending = (await claimsOf(store, effect)).filter((claim) => ids.has(claim.id) && claim.ended_at === null);
    if (ending.length === 0) return;
    const now = clock.now();
    // The row of what is under way belongs to whoever sends it; it finds the claims ended.
    const ours = row.state === 'performed' || row.state === 'undo_failed' || row.state === 'unknown';
    const { principal } = closed;
    const facts = { holder: caseHolder(closed.case), reason: 'the case was closed' };
    await store.commit(
      mergeChanges(ours ? updateEffect(changed(row, { wake_at: now })) : {}, {
        rows: ending.map((claim) => ({ op: 'update', table: 'claims', row: endedClaim(claim, now) }) as const),
        audit: [{ ...effectAudit(row, 'effect.released', now, facts), principal }],
      }),
    );
  });
}

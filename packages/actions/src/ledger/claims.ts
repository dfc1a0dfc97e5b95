import { stableId } from '@counterpoint/core';
import { type Causality, type ClaimRow, causalityOf, type EffectRow, type Reader } from '@counterpoint/events';
import type { ActionRequest } from '../door.ts';

/** Who wants an effect to stay, and until when. */
export interface ClaimWish {
  readonly holder: string;
  readonly reason: string;
  /** Unix milliseconds; null: no end by time. */
  readonly until: number | null;
  readonly causality: Causality;
  readonly now: number;
}

/** A new claim on an effect. */
export function newClaim(effect: string, wish: ClaimWish): ClaimRow {
  return {
    ...causalityOf(wish.causality),
    id: stableId('claim', effect, wish.holder),
    effect,
    holder: wish.holder,
    reason: wish.reason,
    until: wish.until,
    created_at: wish.now,
    ended_at: null,
    rev: 1,
  };
}

/** The claim that a request makes on its effect. */
export function claimWish(request: ActionRequest): ClaimWish {
  const { holder, causality, now, lease } = request;
  return { holder, reason: causality.cause, until: lease === undefined ? null : now + lease, causality, now };
}

/** The later of two ends; null is no end. */
export function laterEnd(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

/** A claim taken up again by the same holder: open, and until the later end. */
export function renewedClaim(claim: ClaimRow, wish: ClaimWish): ClaimRow {
  const until = claim.ended_at === null ? laterEnd(claim.until, wish.until) : wish.until;
  return { ...claim, reason: wish.reason, until, ended_at: null, rev: claim.rev + 1 };
}

/** The write of a claim: a new one, or the holder's own taken up again. */
export function claimWrite(effect: string, own: ClaimRow | undefined, wish: ClaimWish) {
  return own
    ? ({ op: 'update', table: 'claims', row: renewedClaim(own, wish) } as const)
    : ({ op: 'insert', table: 'claims', row: newClaim(effect, wish) } as const);
}

/** Whether the claim still holds its effect at `now`. */
export function isOpen(claim: ClaimRow, now: number): boolean {
  return claim.ended_at === null && (claim.until === null || claim.until > now);
}

/** The claim, ended. */
export function endedClaim(claim: ClaimRow, now: number): ClaimRow {
  return { ...claim, ended_at: now, rev: claim.rev + 1 };
}

/** When the last of the open claims ends (`lease_until`), and when the first one does (`wake_at`). */
export function endsOf(open: readonly ClaimRow[]): Pick<EffectRow, 'lease_until' | 'wake_at'> {
  const ends = open.flatMap((claim) => claim.until ?? []);
  const last = ends.length < open.length || ends.length === 0 ? null : Math.max(...ends);
  return { lease_until: last, wake_at: ends.length === 0 ? null : Math.min(...ends) };
}

/** Every claim on an effect, ended ones among them. */
export function claimsOf(reader: Reader, effect: string): Promise<readonly ClaimRow[]> {
  return reader.find('claims', { where: { effect }, limit: 10_000 });
}

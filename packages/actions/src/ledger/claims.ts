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

const CASE = 'case:';

/** The reference of a case as a holder of claims. */
export function caseHolder(id: string): string {
  return `${CASE}${id}`;
}

/** The case that holds a claim; undefined when no case does. */
export function caseOfClaim({ holder }: Pick<ClaimRow, 'holder'>): string | undefined {
  return holder.startsWith(CASE) ? holder.slice(CASE.length) : undefined;
}

/** The id of a claim. A case has one for each step that acted in its name, so that each can be undone for itself. */
export function claimId(effect: string, wish: Pick<ClaimWish, 'holder' | 'reason'>): string {
  return stableId('claim', effect, wish.holder, ...(caseOfClaim(wish) === undefined ? [] : [wish.reason]));
}

/** A new claim on an effect. */
export function newClaim(effect: string, wish: ClaimWish): ClaimRow {
  return {
    ...causalityOf(wish.causality),
    id: claimId(effect, wish),
    effect,
    holder: wish.holder,
    reason: wish.reason,
    until: wish.until,
    created_at: wish.now,
    ended_at: null,
    rev: 1,
  };
}

/** The claims that a request makes on its effect: its own, that of its case, or both. Never none. */
export function claimWishes(request: ActionRequest): readonly ClaimWish[] {
  const { holder, causality, now, lease, whileCase } = request;
  const until = (millis: number | undefined): number | null => (millis === undefined ? null : now + millis);
  const own = { holder, reason: causality.cause, until: until(lease), causality, now };
  if (!whileCase) return [own];
  const ofCase = { holder: caseHolder(whileCase.case), reason: holder, until: until(whileCase.max), causality, now };
  return lease === undefined ? [ofCase] : [own, ofCase];
}

/** When the last of the claims that a request makes ends; null: no time ends it. */
export function lastEnd(request: ActionRequest): number | null {
  return claimWishes(request).reduce<number | null>((end, { until }) => laterEnd(end, until), 0);
}

/** How long the effect of a request stays at most, in milliseconds; undefined: no time ends it. */
export function leaseOf(request: ActionRequest): number | undefined {
  const end = lastEnd(request);
  return end === null ? undefined : end - request.now;
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

/** The writes of the claims of a request: new ones, or those of before taken up again. */
export function claimWrites(effect: string, standing: readonly ClaimRow[], wishes: readonly ClaimWish[]) {
  return wishes.map((wish) => {
    const own = standing.find((claim) => claim.id === claimId(effect, wish));
    return own
      ? ({ op: 'update', table: 'claims', row: renewedClaim(own, wish) } as const)
      : ({ op: 'insert', table: 'claims', row: newClaim(effect, wish) } as const);
  });
}

/** Those of the claims on an effect that a request made. */
export function ownClaims(effect: string, claims: readonly ClaimRow[], request: ActionRequest): readonly ClaimRow[] {
  const ids = new Set(claimWishes(request).map((wish) => claimId(effect, wish)));
  return claims.filter((claim) => ids.has(claim.id));
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

import type { JsonObject } from '@counterpoint/core';
import type { ClaimRow, EffectRow } from '@counterpoint/events';
import { isOpen } from './ledger/claims.ts';
import type { Prepared } from './prepare.ts';

/**
 * When the vendor ends the effect by itself, at the earliest (Unix ms; infinity: never): for an action with a lease,
 * `performed_at` is when its last call went out, and its arguments are those of that call.
 */
export function vendorEnd(row: EffectRow, { action }: Pick<Prepared, 'action'>): number {
  const seconds = action.lease && (row.args as JsonObject)[action.lease.argument];
  if (typeof seconds !== 'number' || seconds === 0) return Number.POSITIVE_INFINITY;
  return (row.performed_at ?? row.created_at) + seconds * 1000;
}

/** When the last of some claims ends; infinity when no time ends it, 0 for none. */
export function latestEnd(claims: readonly Pick<ClaimRow, 'until'>[]): number {
  return Math.max(0, ...claims.map((claim) => claim.until ?? Number.POSITIVE_INFINITY));
}

/**
 * The arguments that make the vendor keep an effect, from a call at `now`, until the last of its open claims ends. Never
 * for less time than the request itself asks for, which is known to be a time that the vendor takes.
 */
export function extendedInput(
  { action, input, request }: Pick<Prepared, 'action' | 'input' | 'request'>,
  claims: readonly ClaimRow[],
  now: number,
): JsonObject {
  if (!action.lease) return input;
  const { [action.lease.argument]: own, ...rest } = input;
  // A time given to the vendor directly is not the end of the claim, which has none.
  const direct = request.lease === undefined && typeof own === 'number';
  const wanted = claims.filter((claim) => isOpen(claim, now) && !(direct && claim.holder === request.holder));
  const until = Math.max(now, latestEnd(wanted));
  if (until === Number.POSITIVE_INFINITY || typeof own !== 'number' || own === 0) return rest;
  return { ...rest, [action.lease.argument]: Math.max(own, Math.ceil((until - now) / 1000)) };
}

import type { ClaimRow, EffectRow } from '@counterpoint/events';
import type { OracleCall } from '../oracle/call.ts';
import { heldBefore } from '../oracle/server.ts';
import type { Evidence } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

/** Effects and claims by the address that they are about. */
function claimsByTarget({ effects, claims }: Evidence): Map<string, { effect: EffectRow; claims: ClaimRow[] }[]> {
  const byEffect = Map.groupBy(claims, ({ effect }) => effect);
  const holds = effects.filter(({ action }) => action === 'hold');
  const places = Map.groupBy(holds, ({ target }) => target.slice(target.indexOf(':') + 1));
  return new Map(
    [...places].map(([ip, rows]) => [ip, rows.map((effect) => ({ effect, claims: byEffect.get(effect.id) ?? [] }))]),
  );
}

function claimedAt({ created_at, until, ended_at }: ClaimRow, at: number): boolean {
  return created_at < at && (until ?? Number.POSITIVE_INFINITY) > at && (ended_at ?? Number.POSITIVE_INFINITY) > at;
}

/** Guarantee 8: what we hold is let go when nobody claims it any more, not before, and what others held stays. */
export function checkLeases(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const places = claimsByTarget(evidence);
  const held = new Map<string, OracleCall>();
  for (const call of evidence.calls) {
    if (call.action === 'hold' && call.done) held.set(call.target, call);
    if (call.action !== 'let_go') continue;
    held.delete(call.target);
    if (heldBefore(call.target)) {
      found.push(violation(8, `${call.target} was held before us, and was let go`, call));
    }
    const claim = (places.get(call.target) ?? []).flatMap((one) => one.claims).find((one) => claimedAt(one, call.at));
    if (claim) found.push(violation(8, `${call.target} was let go while it was claimed`, call, claim));
  }
  for (const [ip, call] of held) {
    const rows = (places.get(ip) ?? []).map(({ effect: { id, state, wake_at } }) => ({ id, state, wake_at }));
    found.push(violation(8, `${ip} is still held, although nobody claims it`, call, ...rows));
  }
  return found;
}

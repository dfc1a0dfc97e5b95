import { type ClaimRow, causedBy, type EffectRow, type Reader } from '@counterpoint/events';
import type { ReleaseRequest, ReleaseResult } from '../door.ts';
import type { DoorContext } from '../door-context.ts';
import { isTurn } from '../extension-turn.ts';
import { caseHolder, caseOfClaim } from '../ledger/claims.ts';
import { getEffect } from '../ledger/standing.ts';
import { undoEffect } from './undo-effect.ts';

const MANY = 10_000;
const AT_ONCE = 8;

/**
 * Whether `address` (such as `verdicts[3].rep`) is the step, or lies within it. A step id names the step in every round
 * of the loops around it; an address names the one of its own round.
 */
export function isWithinStep(address: string, step: string): boolean {
  if (/[.[]/.test(step)) return address === step || address.startsWith(`${step}.`) || address.startsWith(`${step}[`);
  return address.split('.').some((part) => part.replace(/\[.*$/, '') === step);
}

type Of = ReleaseRequest['of'];

/** Whether a claim is among those that a release ends. */
function isReleased(of: Of, claim: Pick<ClaimRow, 'id' | 'holder' | 'effect' | 'reason'>): boolean {
  // Nobody’s reason: whoever extends the effect right now ends it.
  if (isTurn(claim)) return false;
  switch (of.kind) {
    case 'effect':
      return claim.effect === of.effect;
    case 'case':
      return claim.holder === `case:${of.case}`;
    case 'run':
      return askerOf(claim) === `run:${of.run}` || askerOf(claim).startsWith(`run:${of.run}/`);
    default: {
      const prefix = `run:${of.run}/`;
      return askerOf(claim).startsWith(prefix) && isWithinStep(askerOf(claim).slice(prefix.length), of.step);
    }
  }
}

/** Who asked for an effect: whoever holds the claim, or acted in the name of the case that does. */
function askerOf(claim: Pick<ClaimRow, 'holder' | 'reason'>): string {
  return caseOfClaim(claim) === undefined ? claim.holder : claim.reason;
}

/** The claims that may be meant; those of cases are found by what the run and they have in common, the trace. */
async function claimsFor(reader: Reader, of: Exclude<Of, { kind: 'effect' }>): Promise<readonly ClaimRow[]> {
  if (of.kind === 'case') return reader.find('claims', { where: { holder: caseHolder(of.case) }, limit: MANY });
  const run = await reader.get('runs', of.run);
  const [own, ofCases] = await Promise.all([
    reader.find('claims', { where: { holder: { prefix: `run:${of.run}` } }, limit: MANY }),
    run ? reader.find('claims', { where: { trace: run.trace, holder: { prefix: 'case:' } }, limit: MANY }) : [],
  ]);
  return [...own, ...ofCases];
}

/** What a release means in parts: a case stands for itself and for the runs that work for it. */
async function partsOf(reader: Reader, of: Of): Promise<readonly Of[]> {
  if (of.kind !== 'case') return [of];
  const runs = await reader.find('runs', { where: { case_id: of.case }, limit: MANY });
  return [of, ...runs.map(({ id }) => ({ kind: 'run', run: id }) as const)];
}

/** What a release is about. */
export interface Released {
  /** Newest first: the last change is undone first. */
  readonly effects: readonly EffectRow[];
  /** Whether a claim is among those that it ends. */
  readonly ends: (claim: Pick<ClaimRow, 'id' | 'holder' | 'effect' | 'reason'>) => boolean;
}

/** The effects that a release is about, and the claims on them that it ends. */
export async function releasedBy(reader: Reader, of: Of): Promise<Released> {
  const parts = await partsOf(reader, of);
  const rows = new Map<string, EffectRow>();
  for (const part of parts) for (const row of await effectsOf(reader, part)) rows.set(row.id, row);
  return {
    effects: [...rows.values()].sort((a, b) => b.created_at - a.created_at),
    ends: (claim) => parts.some((part) => isReleased(part, claim)),
  };
}

async function effectsOf(reader: Reader, of: Of): Promise<readonly EffectRow[]> {
  if (of.kind === 'effect') return [await getEffect(reader, of.effect)];
  const claims = await claimsFor(reader, of);
  const ids = new Set(claims.filter((claim) => isReleased(of, claim)).map((claim) => claim.effect));
  const claimed = await Promise.all([...ids].map((id) => reader.get('effects', id)));
  const own =
    of.kind === 'case' ? [] : await reader.find('effects', { where: { run: of.run, undo_of: '' }, limit: MANY });
  const wanted = own.filter((row) => of.kind === 'run' || (of.kind === 'step' && isWithinStep(row.address, of.step)));
  const rows = new Map([...claimed, ...wanted].flatMap((row) => (row ? [[row.id, row] as const] : [])));
  return [...rows.values()];
}

/** Ends the claims that a release names and undoes what nobody claims any more. */
export async function release(context: DoorContext, request: ReleaseRequest): Promise<ReleaseResult> {
  const { effects, ends } = await releasedBy(context.store, request.of);
  return releaseEffects(context, effects, ends, request);
}

/** Ends the claims that `ends` picks on each of the effects, and undoes those whose last claim ended. */
export async function releaseEffects(
  context: DoorContext,
  rows: readonly EffectRow[],
  ends: (claim: ClaimRow) => boolean,
  { reason, causality }: Pick<ReleaseRequest, 'reason' | 'causality'>,
): Promise<ReleaseResult> {
  const undone: string[] = [];
  const kept: ReleaseResult['kept'][number][] = [];
  const failed: ReleaseResult['failed'][number][] = [];
  const elsewhere = rows.filter(({ site }) => site !== '');
  if (elsewhere.length > 0) await context.sites?.release(elsewhere, reason, causality);
  kept.push(
    ...elsewhere.map(({ id, site }) => ({
      effect: id,
      reason: `the edge node ${site} undoes it as soon as it is reached`,
    })),
  );
  const here = rows.filter(({ site }) => site === '');
  for (let index = 0; index < here.length; index += AT_ONCE) {
    const group = here.slice(index, index + AT_ONCE);
    const results = await Promise.all(
      group.map((row) =>
        undoEffect(context, {
          effect: row.id,
          ends,
          occasion: 'release',
          reason,
          causality: causedBy(causality, `effect:${row.id}`),
        }),
      ),
    );
    for (const [position, result] of results.entries()) {
      const effect = (group[position] as EffectRow).id;
      if (result.kind === 'undone') undone.push(effect);
      else if (result.kind === 'kept') kept.push({ effect, reason: result.reason });
      else failed.push({ effect, error: result.error });
    }
  }
  return { undone, kept, failed };
}

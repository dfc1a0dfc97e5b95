import type { ClaimRow, EffectRow } from '@counterpoint/events';
import type { ReleaseRequest } from '../door.ts';
import type { DoorContext } from '../door-context.ts';
import { claimsOf, isOpen } from '../ledger/claims.ts';
import { sharingOf } from '../ledger/standing.ts';
import { releasedBy } from './release.ts';
import { STAYS, sharedWith, stillClaimed } from './why-it-stays.ts';

type Ends = (claim: ClaimRow) => boolean;

/** What a release would do to one effect. */
export interface Foresight {
  readonly effect: EffectRow;
  readonly will: 'undo' | 'keep';
  /** Why it would stay; empty when it would be undone. */
  readonly reason: string;
  /** Who keeps it in force now and would no more, when it is undone whoever else wants it: holders such as `run:…/<address>`. */
  readonly released: readonly string[];
}

/** What releasing would do now, effect by effect, the last change first. Changes nothing; effects that are over are left out. */
export async function foreseeRelease(
  context: Pick<DoorContext, 'store' | 'clock' | 'guard'>,
  of: ReleaseRequest['of'],
): Promise<readonly Foresight[]> {
  const { effects, ends } = await releasedBy(context.store, of);
  return foresee(context, effects, ends);
}

/** What ending the claims that `ends` picks would do now to each of the effects that are not over. Changes nothing. */
export async function foresee(
  context: Pick<DoorContext, 'store' | 'clock' | 'guard'>,
  effects: readonly EffectRow[],
  ends: Ends,
): Promise<readonly Foresight[]> {
  const stopped = await context.guard.undoStopped();
  const foreseen: Foresight[] = [];
  for (const effect of effects) {
    if (effect.ended_at !== null || effect.state === 'undoing') continue;
    const now = context.clock.now();
    const open = (await claimsOf(context.store, effect.id)).filter((claim) => isOpen(claim, now));
    const reason = stopped?.message ?? (await whyItStays(context, open, ends, effect));
    const released = reason === '' ? open.map(({ holder }) => holder) : [];
    foreseen.push({ effect, will: reason === '' ? 'undo' : 'keep', reason, released });
  }
  return foreseen;
}

async function whyItStays(
  context: Pick<DoorContext, 'store' | 'clock'>,
  open: readonly ClaimRow[],
  ends: Ends,
  row: EffectRow,
): Promise<string> {
  if (row.state === 'unknown') return STAYS.unknown;
  const others = open.filter((claim) => !ends(claim));
  if (others.length > 0) return stillClaimed(context, others);
  if (row.state === 'intended' || row.state === 'pending') return '';
  if (row.state !== 'performed' && row.state !== 'undo_failed') return `it is ${row.state}`;
  if (row.preexisting) return STAYS.preexisting;
  if (row.inverse === null) return STAYS.noInverse;
  const sharing = await sharingOf(context.store, row, context.clock.now());
  return sharing.kind === 'alone' ? '' : sharedWith(context, sharing.by, sharing.kind);
}

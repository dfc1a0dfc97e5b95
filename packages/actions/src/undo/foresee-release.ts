import type { EffectRow } from '@counterpoint/events';
import type { ReleaseRequest } from '../door.ts';
import type { DoorContext } from '../door-context.ts';
import { claimsOf, isOpen } from '../ledger/claims.ts';
import { sharingOf } from '../ledger/standing.ts';
import { effectsOf, isReleased } from './release.ts';

/** What a release would do to one effect. */
export interface Foresight {
  readonly effect: EffectRow;
  readonly will: 'undo' | 'keep';
  /** Why it would stay; empty when it would be undone. */
  readonly reason: string;
}

/** What releasing would do now, effect by effect, the last change first. Changes nothing; effects that are over are left out. */
export async function foreseeRelease(
  context: Pick<DoorContext, 'store' | 'clock' | 'guard'>,
  of: ReleaseRequest['of'],
): Promise<readonly Foresight[]> {
  const stopped = await context.guard.undoStopped();
  const foreseen: Foresight[] = [];
  for (const effect of await effectsOf(context.store, of)) {
    if (effect.ended_at !== null || effect.state === 'undoing') continue;
    const reason = stopped?.message ?? (await whyItStays(context, of, effect));
    foreseen.push({ effect, will: reason === '' ? 'undo' : 'keep', reason });
  }
  return foreseen;
}

async function whyItStays(
  { store, clock }: Pick<DoorContext, 'store' | 'clock'>,
  of: ReleaseRequest['of'],
  row: EffectRow,
): Promise<string> {
  const now = clock.now();
  if (row.state === 'unknown') return 'nobody knows whether it happened';
  const others = (await claimsOf(store, row.id)).filter((claim) => isOpen(claim, now) && !isReleased(of, claim));
  if (others.length > 0) return `${others.map((claim) => claim.holder).join(', ')} still claims it`;
  if (row.state === 'intended' || row.state === 'pending') return '';
  if (row.state !== 'performed' && row.state !== 'undo_failed') return `it is ${row.state}`;
  if (row.preexisting) return 'it was so before us';
  if (row.inverse === null) return 'it has no inverse';
  const sharing = await sharingOf(store, row, now);
  return sharing.kind === 'alone' ? '' : `the effect ${sharing.by.id} holds it too`;
}

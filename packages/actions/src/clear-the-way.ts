import { retryOnConflict } from '@counterpoint/cases';
import type { CounterpointError } from '@counterpoint/core';
import { type EffectRow, mergeChanges } from '@counterpoint/events';
import type { ActionRequest } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { effectAudit, updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';

const LOOK_EVERY = 100;
const WAIT_AT_MOST = 30_000;

/**
 * Before a target is acted on anew: waits until an undo that is under way has ended, and calls off one that failed and
 * would be tried again, so that no old undo takes the new effect away. Gives why it cannot go on, if so.
 */
export async function clearTheWay(
  context: DoorContext,
  blocking: readonly EffectRow[],
  request: ActionRequest,
  signal: AbortSignal,
): Promise<CounterpointError | undefined> {
  for (const { id, target } of blocking) {
    const until = context.clock.now() + (request.timeout ?? WAIT_AT_MOST);
    while (!(await outOfTheWay(context, id))) {
      if (signal.aborted || context.clock.now() >= until) return errors.target_busy({ target });
      await new Promise<void>((resolve) => context.clock.after(LOOK_EVERY, resolve));
    }
  }
  return undefined;
}

function outOfTheWay({ store, clock }: DoorContext, id: string): Promise<boolean> {
  return retryOnConflict(async () => {
    const row = await store.get('effects', id);
    if (row?.state === 'undoing') return false;
    if (row?.state !== 'undo_failed') return true;
    const now = clock.now();
    const after = changed(row, { state: 'expired', wake_at: null, ended_at: now });
    const audit = [effectAudit(after, 'effect.superseded', now)];
    await store.commit(mergeChanges(updateEffect(after), { audit }));
    return true;
  });
}

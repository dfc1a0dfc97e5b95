import type { ClaimRow, EffectRow, Reader } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { claimsOf, isOpen } from './claims.ts';
import { isEnded, mayHaveHappened } from './effect-row.ts';

/** The effects of one action through one connection on one target, newest first, at most 50; undos left out. */
export function effectsOn(
  reader: Reader,
  where: Pick<EffectRow, 'connection' | 'action' | 'target'>,
): Promise<readonly EffectRow[]> {
  const { connection, action, target } = where;
  return reader.find('effects', {
    // Those of an edge node stand in its own ledger; here are copies.
    where: { connection, action, target, undo_of: '', site: '' },
    orderBy: [
      { column: 'created_at', descending: true },
      { column: 'id', descending: true },
    ],
    limit: 50,
  });
}

/** What other effects of ours mean for the undo of one on the same target. */
export type Sharing =
  | { readonly kind: 'alone' }
  /** Another one is in force and claimed: the undo would take it away. */
  | { readonly kind: 'held'; readonly by: EffectRow; readonly claim: ClaimRow }
  /** Another one is on its way or of unknown outcome: whether it holds the target remains to be seen. */
  | { readonly kind: 'unclear'; readonly by: EffectRow };

/** Looks for other effects on the target of `row` that somebody claims. */
export async function sharingOf(reader: Reader, row: EffectRow, now: number): Promise<Sharing> {
  let unclear: EffectRow | undefined;
  for (const other of await othersThan(reader, row)) {
    if (isEnded(other.state) || other.state === 'undoing' || other.state === 'undo_failed') continue;
    const claim = (await claimsOf(reader, other.id)).find((one) => isOpen(one, now));
    if (claim && other.state === 'performed') return { kind: 'held', by: other, claim };
    if (claim) unclear ??= other;
  }
  return unclear ? { kind: 'unclear', by: unclear } : { kind: 'alone' };
}

/** The other effects of the same action on an effect's target, newest first. */
export async function othersThan(reader: Reader, row: EffectRow): Promise<readonly EffectRow[]> {
  return row.target === '' ? [] : (await effectsOn(reader, row)).filter((other) => other.id !== row.id);
}

/** Whether what is in force on a target may be the work of one of these effects on it (newest first). */
export function isOurs(others: readonly EffectRow[]): boolean {
  const ours = others.filter((other) => !other.preexisting);
  const undone = ours.findIndex((other) => other.state === 'undone');
  return ours.slice(0, undone === -1 ? undefined : undone).some(mayStillStand);
}

/** An effect of ours that may be in force, one whose failed undo was called off among them. */
function mayStillStand(row: EffectRow): boolean {
  const { state } = row;
  if (state === 'expired') return mayHaveHappened(row);
  return state === 'performed' || state === 'unknown' || state === 'undoing' || state === 'undo_failed';
}

/** The effect with that key, if there is one. */
export async function effectByKey(reader: Reader, key: string): Promise<EffectRow | undefined> {
  const [row] = await reader.find('effects', { where: { key }, limit: 1 });
  return row;
}

/** The effect, which is one of this server's own ledger. @throws actions.effect_not_found, actions.effect_elsewhere */
export async function getOwnEffect(reader: Reader, id: string): Promise<EffectRow> {
  const row = await getEffect(reader, id);
  if (row.site !== '') throw errors.effect_elsewhere({ id, site: row.site });
  return row;
}

/** The effect. @throws actions.effect_not_found */
export async function getEffect(reader: Reader, id: string): Promise<EffectRow> {
  const row = await reader.get('effects', id);
  if (!row) throw errors.effect_not_found({ id });
  return row;
}

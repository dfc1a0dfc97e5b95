import { hashJson, stableId } from '@counterpoint/core';
import { effectKey } from '@counterpoint/engine';
import type { ClaimRow, EffectRow } from '@counterpoint/events';

type Named = Pick<
  EffectRow,
  'id' | 'key' | 'run' | 'address' | 'generation' | 'connection' | 'action' | 'target' | 'undo_of'
>;

/** The id that a containment on a node has, when `after` stood last on its target. */
function containmentId(node: string, { connection, action, target }: Named, after: string): string {
  return stableId('effect', node, connection, action, target, after);
}

/** Which of the effects on its target an effect of a node came after; empty where its id does not follow from one. */
export function afterOf(node: string, row: Named, others: readonly Pick<EffectRow, 'id'>[]): string {
  return others.find(({ id }) => containmentId(node, row, id) === row.id)?.id ?? '';
}

/**
 * Whether id and key of an effect are such as only this node makes. A centre makes the ids of its own containments from what
 * they act on, so that others could be there first.
 */
export function isOfNode(node: string, row: Named, after: string): boolean {
  if (row.undo_of !== '')
    return row.id === stableId('undo', row.undo_of) && row.key === hashJson(['undo', row.undo_of]);
  if (row.run === '' || row.key !== effectKey(row.run, row.address, row.generation)) return false;
  return row.id === containmentId(node, row, after) || row.id === stableId('effect', row.key);
}

/** Whether a claim has the id that one of its holder on its effect has, or that of whoever extends it right now. */
export function isClaimOf({
  id,
  effect,
  holder,
  reason,
}: Pick<ClaimRow, 'id' | 'effect' | 'holder' | 'reason'>): boolean {
  return [[holder], [holder, reason], ['extension']].some((parts) => id === stableId('claim', effect, ...parts));
}

import type { CallResult } from '@counterpoint/sdk';

type Effect = Pick<CallResult<'listEffects'>['items'][number], 'ended_at' | 'undo_of' | 'state'>;

/** Whether a change may stand in the world. */
export function isStanding({ ended_at, undo_of }: Effect): boolean {
  return ended_at === null && undo_of === '';
}

/** What still stands of what a run changed. @param more there are changes that were not read yet */
export function standingWords(effects: readonly Effect[], more: boolean): string {
  const standing = effects.filter(isStanding);
  const unknown = standing.filter(({ state }) => state === 'unknown').length;
  const sure = standing.length - unknown;
  const parts = [
    ...(sure > 0 ? [`${sure}${more ? '+' : ''} still in force`] : []),
    ...(unknown > 0 ? [`${unknown} of unknown outcome`] : []),
  ];
  return parts.length === 0 ? 'Nothing of it is in force any more.' : `${parts.join(', ')}.`;
}

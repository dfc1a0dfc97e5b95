import type { ClaimRow, EffectRow } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { whyOf } from '../ledger/why.ts';
import { readHolders } from '../words/holders.ts';

type Reading = Pick<DoorContext, 'store'>;

/** Why something that was to be undone stays, where that needs no reading. */
export const STAYS = {
  unknown: 'nobody knows whether it happened',
  preexisting: 'it was so before us',
  noInverse: 'the product knows no way to take it back',
} as const;

/** Says who keeps an effect in force: `still claimed by ada`, `still claimed by Respond to phishing, step block; ada`. */
export async function stillClaimed({ store }: Reading, claims: readonly ClaimRow[]): Promise<string> {
  const holders = await readHolders(store, claims);
  const names = new Set(claims.map(({ holder }) => holders.get(holder) ?? holder));
  return `still claimed by ${[...names].join('; ')}`;
}

/** Says whose other change it is that an undo would take away as well, or may. */
export async function sharedWith({ store }: Reading, other: EffectRow, kind: 'held' | 'unclear'): Promise<string> {
  const [nearest] = await whyOf(store, other);
  const whose = nearest ? ` (${nearest.title})` : '';
  return `another change of the same target${whose} ${kind === 'held' ? 'keeps it in force' : 'is still under way'}`;
}

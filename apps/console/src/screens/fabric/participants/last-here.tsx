import { When } from '../../../ui/when.tsx';
import type { ListedParticipant } from './participant-rows.ts';

/** When somebody was here last: whoever is online is so now, however long ago it joined. */
export function LastHere({ one: { state, seen_at } }: { readonly one: Pick<ListedParticipant, 'state' | 'seen_at'> }) {
  return state === 'online' ? 'now' : <When at={seen_at} none="never" />;
}

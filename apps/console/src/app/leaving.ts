import { keptTexts } from './kept-texts.ts';
import { queryClient } from './query-client.ts';

const channel = new BroadcastChannel('counterpoint-left');

/** Forgets on this page what belongs to who was signed in, and begins anew at the sign-in screen. */
function beginAnew(): void {
  keptTexts.leave();
  queryClient.clear();
  window.location.replace('/sign-in');
}

/** After somebody has signed out by choice: nothing of theirs stays in this browser, in this page or in their others. */
export function leaveBrowser(person: string): void {
  beginAnew();
  channel.postMessage(person);
}

/** Leaves with the other pages of the same person. Gives the way to stop. */
export function leaveWithOthers(person: string): () => void {
  const onLeft = ({ data }: MessageEvent<unknown>) => data === person && beginAnew();
  channel.addEventListener('message', onLeft);
  return () => channel.removeEventListener('message', onLeft);
}

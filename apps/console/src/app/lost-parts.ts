import { client } from './client.ts';

const KEY = 'counterpoint-loaded-anew';
/** A part that is missing on a server that answers is missing for good: no page loads itself again and again. */
const NOT_AGAIN_FOR = 60_000;

let lost = false;

// Screens are fetched when they are first opened. The network may be gone then, or the server may have another build.
window.addEventListener('vite:preloadError', (event) => {
  lost = true;
  // Else the router would load the page anew at once, into the browser's own page about the missing network.
  event.preventDefault();
});

/** Whether a part of the console could not be fetched since the page was loaded. */
export function partsAreLost(): boolean {
  return lost;
}

/** Loads the page anew if the server answers; by itself only once in a while. Does nothing as long as it does not answer. */
export async function loadAnew(by: 'person' | 'itself'): Promise<void> {
  const last = Number(sessionStorage.getItem(KEY) ?? 0);
  if (by === 'itself' && Date.now() - last < NOT_AGAIN_FOR) return;
  const answers = await client.getSession().then(
    () => true,
    () => false,
  );
  if (!answers) return;
  sessionStorage.setItem(KEY, String(Date.now()));
  window.location.reload();
}

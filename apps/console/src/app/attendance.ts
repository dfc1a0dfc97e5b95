import { createTouches } from './touches.ts';

const touches = createTouches(() => performance.now());

const TOUCHING = ['pointerdown', 'keydown', 'wheel', 'touchmove', 'input'] as const;

/** Whether somebody has touched the page lately, for a request that is about to be sent. */
export function noteRequest(): boolean {
  return touches.asks();
}

/**
 * Watches whether somebody is there; calls `tell` when they are and the server has not heard of them for a while, as of
 * somebody who only reads. Gives the way to stop.
 */
export function watchAttendance(tell: () => void): () => void {
  const stop = new AbortController();
  const options = { capture: true, passive: true, signal: stop.signal } as const;
  const noted = (note: () => void) => (event: Event) => {
    // What scripts do is nobody.
    if (!event.isTrusted) return;
    note();
    if (touches.due()) tell();
  };
  for (const type of TOUCHING) window.addEventListener(type, noted(touches.touch), options);
  window.addEventListener('pointermove', (event) => noted(() => touches.point(event))(event), options);
  return () => stop.abort();
}

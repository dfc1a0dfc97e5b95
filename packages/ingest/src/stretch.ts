import { setImmediate } from 'node:timers/promises';

const LONGEST = 15;

/** Asked between two pieces of work; gives something to wait for when it is time to let others have their turn. */
export type GiveWay = () => Promise<void> | undefined;

/** Makes a {@link GiveWay} for work that may hold up the event loop for 15 milliseconds at a stretch. */
export function createGiveWay(): GiveWay {
  let since = performance.now();
  const begin = () => {
    since = performance.now();
  };
  return () => (performance.now() - since < LONGEST ? undefined : setImmediate().then(begin));
}

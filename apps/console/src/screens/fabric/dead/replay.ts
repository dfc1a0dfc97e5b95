import type { CallArguments, CallResult } from '@counterpoint/sdk';

type Body = CallArguments<'redeliverAllDead'>['body'];

/** So many dead letters are delivered again at most by one confirmation. */
export const MOST_AT_ONCE = 10_000;

/**
 * Has all dead letters that match delivered again, page by page, those that are dead when it begins. Stops at the first
 * failure and throws it; what was done by then is told before.
 *
 * @param onProgress hears how many are on the way again so far
 */
export async function replayAll(
  call: (body: Body) => Promise<CallResult<'redeliverAllDead'>>,
  wish: Pick<Body, 'consumer' | 'reason'>,
  onProgress: (done: number) => void,
): Promise<void> {
  let done = 0;
  let until: number | undefined;
  for (;;) {
    const page = await call(until === undefined ? wish : { ...wish, until });
    done += page.redelivered;
    until = page.until;
    onProgress(done);
    if (page.left === 0 || page.redelivered === 0 || done >= MOST_AT_ONCE) return;
  }
}

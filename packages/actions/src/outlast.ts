import { type BackoffPolicy, backoffDelay, type Clock, isCounterpointError } from '@counterpoint/core';

const PAUSE: BackoffPolicy = { delay: 100, factor: 2, max: 5_000 };

const TROUBLE: readonly string[] = ['events.store_failed', 'events.store_full', 'events.store_busy'];

/**
 * Does something about a call that may be repeated, as often as it takes until the store is there: once the intention is
 * durable, nobody but this process knows what was sent and answered.
 *
 * @throws what `work` throws, but for trouble of the store
 */
export async function outlast<Result>(clock: Clock, work: () => Promise<Result>): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!isCounterpointError(error) || !TROUBLE.includes(error.code)) throw error;
    }
    await new Promise<void>((resume) => void clock.after(backoffDelay(PAUSE, failures), resume));
  }
}

import type { Clock } from '@counterpoint/core';
import type { EventConsumer, LoggedEvent } from '@counterpoint/events';

const LONGEST_REASON = 1_000;

/** Lets a consumer deal with an event once. Gives undefined when it did, else why not. @param timeout in milliseconds */
export async function attempt(
  consumer: Pick<EventConsumer, 'handle'>,
  logged: LoggedEvent,
  clock: Clock,
  timeout: number,
): Promise<string | undefined> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(timeout, () => reject(new Error(`no answer within ${timeout} ms`)));
  try {
    await Promise.race([consumer.handle(logged), promise]);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON);
  } finally {
    cancel();
  }
}

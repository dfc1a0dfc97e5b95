import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { EventConsumer, LoggedEvent } from '@counterpoint/events';

const LONGEST_REASON = 1_000;

/** Why a consumer has not dealt with an event. */
export interface Failure {
  readonly reason: string;
  /** False: it gave the event back untried, which counts as no attempt. */
  readonly counts: boolean;
}

/** Lets a consumer deal with an event once. Gives undefined when it did, else why not. @param timeout in milliseconds */
export async function attempt(
  consumer: Pick<EventConsumer, 'handle'>,
  logged: LoggedEvent,
  clock: Clock,
  timeout: number,
): Promise<Failure | undefined> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(timeout, () => reject(new Error(`no answer within ${timeout} ms`)));
  try {
    await Promise.race([consumer.handle(logged), promise]);
    return undefined;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON);
    return { reason, counts: !isCounterpointError(error, 'events.given_back') };
  } finally {
    cancel();
  }
}

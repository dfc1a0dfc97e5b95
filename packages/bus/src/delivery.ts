import type { Clock } from '@counterpoint/core';
import type { EventEnvelope } from '@counterpoint/events';

/** Somebody who is told of every event. */
export interface Subscriber {
  /** Names it in errors and in the dead-letter reason. */
  readonly name: string;
  /**
   * Deals with an event; a rejection means "again later". It may be called more than once with the same event (after a
   * crash, or when it took too long), so it must be idempotent.
   */
  handle(event: EventEnvelope): Promise<void>;
}

/**
 * Tells the subscribers that have not dealt with the event yet, all at once, and adds those that now have to `done`.
 * Gives the reason when one has not: its name and its error's message.
 *
 * @param timeout milliseconds after which a subscriber counts as failed.
 */
export async function deliver(
  event: EventEnvelope,
  subscribers: readonly Subscriber[],
  done: Set<string>,
  clock: Clock,
  timeout: number,
): Promise<string | undefined> {
  const left = subscribers.filter(({ name }) => !done.has(name));
  const results = await Promise.allSettled(
    left.map((subscriber) => within(clock, timeout, () => subscriber.handle(event))),
  );
  let reason: string | undefined;
  for (const [index, { name }] of left.entries()) {
    const result = results[index];
    if (result?.status === 'fulfilled') done.add(name);
    else reason ??= `${name}: ${messageOf(result?.reason)}`;
  }
  return reason;
}

async function within(clock: Clock, timeout: number, work: () => Promise<void>): Promise<void> {
  let cancel: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(timeout, () => reject(new Error(`no answer within ${timeout} ms`)));
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    cancel();
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1000);
}

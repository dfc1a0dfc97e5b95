import type { ManualClock } from '@counterpoint/core';
import { type EventEnvelope, newEvent } from '../envelope.ts';
import type { Consumption, EventConsumer, EventLog, LoggedEvent } from '../event-log.ts';
import type { Store } from '../store.ts';

/** A log on storage of its own, for one test; events get into it without anybody's doing. */
export interface EventLogUnderTest {
  /** The log, and the store with its `deliveries`, as they were opened last. */
  readonly log: EventLog;
  readonly store: Store;
  /** What the log waits by; it stands still until a test moves it. */
  readonly clock: ManualClock;
  /** Closes the log and opens another one on the same data. */
  reopen(): Promise<void>;
  /** Leaves the log as a process does that dies: nothing that it does from now on reaches anybody; opens another one. */
  crash(): Promise<void>;
  /** Closes everything that was opened and removes the data. */
  destroy(): Promise<void>;
}

/** How an adapter presents itself to the suite. */
export interface EventLogSubject {
  readonly open: () => Promise<EventLogUnderTest>;
  /** How many stories of appends, failures and crashes are played; default 15. */
  readonly stories?: number;
}

const causality = { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 };

/** An event whose data is a label. */
export function labelled(label: string, subject: string = label, topic = 'alert.created.v1'): EventEnvelope {
  return newEvent(topic, subject, { label }, causality, Date.now());
}

/** Several of one subject. */
export function ofSubject(subject: string, ...labels: readonly string[]): readonly EventEnvelope[] {
  return labels.map((label) => labelled(label, subject));
}

export function labelOf({ event }: LoggedEvent): string {
  return (event.data as { readonly label: string }).label;
}

/** A consumer that writes down what it is told, and fails as told. */
export interface Listener {
  readonly heard: string[];
  readonly consumer: EventConsumer;
}

/** @param fail whether to fail, by label and how often it was told of it */
export function listener(
  given: Partial<EventConsumer> = {},
  fail: (label: string, time: number) => boolean = () => false,
): Listener {
  const heard: string[] = [];
  const handle = async (logged: LoggedEvent): Promise<void> => {
    const label = labelOf(logged);
    heard.push(label);
    if (fail(label, heard.filter((one) => one === label).length)) throw new Error(`cannot read ${label}`);
  };
  return { heard, consumer: { name: 'one', topics: ['>'], start: 'first', handle, ...given } };
}

/** Lets a consumer deal with everything that is there, and stops it. */
export async function work(log: EventLog, consumer: EventConsumer): Promise<void> {
  const consumption = await log.consume(consumer);
  await consumption.drain();
  await consumption.stop();
}

/** Moves time on, so that what is due is tried again. */
export async function later(
  { clock }: EventLogUnderTest,
  millis: number,
  ...consumptions: Consumption[]
): Promise<void> {
  clock.advance(millis);
  for (const consumption of consumptions) await consumption.drain();
}

/** The deliveries that stand in the store, by their events' positions. */
export async function deliveriesOf({ store }: EventLogUnderTest) {
  return store.find('deliveries', { orderBy: [{ column: 'position' }] });
}

import type { BackoffPolicy } from '@counterpoint/core';
import type { EventEnvelope } from './envelope.ts';

/** An event at its place in the log. */
export interface LoggedEvent {
  /** Grows with every event, with gaps; the order of delivery. */
  readonly position: number;
  readonly event: EventEnvelope;
}

/** Where reading begins: behind a position (behind the last one, where the log has not come so far), at the first event of a time or later (Unix ms), or at an end of the log. */
export type StartOfReading = 'first' | 'new' | { readonly after: number } | { readonly since: number };

/** Somebody who is to get every event of some topics, across restarts. */
export interface EventConsumer {
  /** Unique and lasting: under it the log remembers how far it has come. One process at a time consumes under a name. */
  readonly name: string;
  /** Topic patterns (`topicMatches`); an event that meets any is delivered. */
  readonly topics: readonly string[];
  /** Where a name that the log does not know yet begins; default `new`. */
  readonly start?: StartOfReading;
  /**
   * Deals with an event: resolving acknowledges it, rejecting means "again later" (with `events.given_back`: at once, and
   * counted as no attempt). The same event may come again (after a
   * crash, when it took too long), so that it must be idempotent. Events of one subject come one after the other; those
   * of others at the same time, up to `inFlight`.
   */
  handle(logged: LoggedEvent): Promise<void>;
  /** Default 200. */
  readonly inFlight?: number;
  /** After so many failed attempts an event is dead: kept with its reason, and no longer in the way. Default 10. */
  readonly maxAttempts?: number;
  /** Waits between attempts. Default: 1 s, doubling, up to 5 minutes. */
  readonly backoff?: BackoffPolicy;
  /** Milliseconds after which an event that nobody acknowledged counts as failed. Default 30 s. */
  readonly timeout?: number;
}

/** A consumer at work. */
export interface Consumption {
  /** Resolves when everything that is in the log now is dealt with, dead, or waiting for its next attempt. */
  drain(): Promise<void>;
  /** Takes nothing more, and resolves when what is under way is settled and remembered. */
  stop(): Promise<void>;
}

/** How a consumer stands. */
export interface ConsumerStanding {
  readonly name: string;
  readonly topics: readonly string[];
  readonly position: number;
  /** Events behind the end of the log, those of other topics included. */
  readonly behind: number;
  /** Events that are tried again or wait behind such, and dead ones. */
  readonly retrying: number;
  readonly dead: number;
}

/** A page of retained events. */
export interface LogQuery {
  readonly topics: readonly string[];
  readonly start: Exclude<StartOfReading, 'new'>;
  /** At most so many events; default 100. */
  readonly limit?: number;
}

/**
 * The durable log of events: every implementation passes the suite in `@counterpoint/events/conformance`. Domain code
 * does not append: it hands its events to the store within a change, and the relay brings them here.
 *
 * Dead letters and events that wait for another attempt are rows of `deliveries`, whatever the log is kept in, so that
 * people find them in one place.
 */
export interface EventLog {
  /**
   * Appends events, in order; resolves once they are durable. One whose id is in the log already (within the last
   * minutes at least) is not appended again.
   *
   * @throws events.log_unavailable
   */
  append(events: readonly EventEnvelope[]): Promise<void>;
  /** Begins or goes on to deliver to a durable consumer. @throws events.log_unavailable */
  consume(consumer: EventConsumer): Promise<Consumption>;
  /** Retained events in the order of their positions. */
  read(query: LogQuery): Promise<readonly LoggedEvent[]>;
  /**
   * Tells of every event of some topics from now on, as soon as it is in the log, to whoever listens in this process:
   * no memory, no acknowledgement. Resolves, once nothing from then on is missed, with the way to stop.
   */
  tail(topics: readonly string[], listener: (logged: LoggedEvent) => void): Promise<() => void>;
  /** First and last position that is retained; both 0 when the log is empty. */
  bounds(): Promise<{ readonly first: number; readonly last: number }>;
  /** How every known consumer stands, by name. */
  standings(): Promise<readonly ConsumerStanding[]>;
  /** Lets a consumer that is not at work go on from another place; forgets what it has to try again. */
  rewind(name: string, start: StartOfReading): Promise<void>;
  /** Forgets a consumer that is not at work, with its deliveries. */
  forget(name: string): Promise<void>;
  /** Tries a dead event (id of its `deliveries` row) again, next in turn. @throws events.delivery_unknown */
  redeliver(delivery: string): Promise<void>;
  close(): Promise<void>;
}

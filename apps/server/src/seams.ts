import type { Door } from '@counterpoint/actions';
import type { Connector } from '@counterpoint/connector-kit';
import type { Clock } from '@counterpoint/core';
import type { EngineLimits } from '@counterpoint/engine';
import type { Store } from '@counterpoint/events';

/**
 * Where somebody who starts the server in their own program may put something of their own between its parts. What
 * tests need in order to crash, mislead or slow it down stands there, and not in the server.
 */
export interface ServerSeams {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Wraps the store that everything writes to. */
  readonly store?: (store: Store) => Store;
  /** Wraps the door that the engine acts through. */
  readonly door?: (door: Door) => Door;
  /** Connectors besides those that are shipped. */
  readonly connectors?: readonly Connector[];
  /** Bounds of the engine, before those that the configuration sets. */
  readonly limits?: Partial<EngineLimits>;
}

import type { BuiltinConnector, BuiltinContext } from '@counterpoint/cases';
import type { Connector } from '@counterpoint/connector-kit';
import type { Store } from '@counterpoint/events';
import type { CallDependencies } from './call.ts';
import type { Guard } from './guard/guard.ts';
import type { KeyedQueue } from './keyed-queue.ts';

/** What the parts of the door work with. */
export interface DoorContext extends CallDependencies {
  readonly store: Store;
  readonly guard: Guard;
  /** Connectors by id. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** The declared tables, by id. */
  readonly tables?: BuiltinContext['tables'];
  /** Built-in connectors by id. */
  readonly builtins: ReadonlyMap<string, BuiltinConnector>;
  /** Calls that make the vendor keep an effect for longer: one at a time for each effect. */
  readonly extensions: KeyedQueue;
  /** Changes of our own records that would only get in each other's way: one at a time for each lane. */
  readonly lanes: KeyedQueue;
}

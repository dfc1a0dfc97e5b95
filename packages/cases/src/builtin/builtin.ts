import type { ConnectorManifest } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import type { Change, Reader } from '@counterpoint/events';
import type { Occasion } from '../write.ts';

/** What a built-in action works with besides its input. */
export interface BuiltinContext extends Occasion {
  readonly store: Reader;
}

/** What a built-in action gives: its output, and what is to become durable before anything depends on it. */
export interface BuiltinResult {
  readonly output: JsonObject;
  readonly change: Change;
  /** The case that it opened or put something into: whoever asked works for it from now on. */
  readonly case?: string;
}

/** A built-in action. Decides from committed rows; running it again with the same key gives the same records. */
export type BuiltinHandler = (input: JsonObject, context: BuiltinContext) => Promise<BuiltinResult>;

/** A connector that is part of the product: acts on our own records only, through no connection and no ledger. */
export interface BuiltinConnector {
  readonly manifest: ConnectorManifest;
  readonly handlers: Readonly<Record<string, BuiltinHandler>>;
  /** What the caller must be allowed to read and to change, besides `action:<effect class>`; null: nothing more. */
  readonly permissions: { readonly read: string; readonly write: string } | null;
}

/** Gives a handler the type that its input schema has; the door has checked the input against that schema. */
export function handler<Input>(
  work: (input: Input, context: BuiltinContext) => Promise<BuiltinResult>,
): BuiltinHandler {
  return (input, context) => work(input as Input, context);
}

/** The result of an action that only read. */
export function reading(output: JsonObject): BuiltinResult {
  return { output, change: {} };
}

import type { ConnectorManifest } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import type { Change, Reader } from '@counterpoint/events';
import type { TableDeclaration } from '@counterpoint/playbook';
import type { Occasion } from '../write.ts';

/** What a built-in action works with besides its input. */
export interface BuiltinContext extends Occasion {
  readonly store: Reader;
  /** The declared tables, by id; undefined: there are none. */
  readonly tables?: ReadonlyMap<string, TableDeclaration> | undefined;
}

/** What a built-in action gives: its output, and what is to become durable before anything depends on it. */
export interface BuiltinResult {
  readonly output: JsonObject;
  /** Becomes durable together with the caller's own record of the answer. */
  readonly change: Change;
  /**
   * Changes of rows that others change at the same time: durable before the answer is given, and decided anew from
   * fresh rows when somebody else was first. Repeating the action under the same key must find that it was done.
   */
  readonly contended?: Change;
  /** The case that it opened or put something into: whoever asked works for it from now on. */
  readonly case?: string;
}

/** A built-in action. Decides from committed rows; running it again with the same key gives the same records. */
export type BuiltinHandler = (input: JsonObject, context: BuiltinContext) => Promise<BuiltinResult>;

/** A connector that is part of the product: acts on our own records only, through no connection and no ledger. */
export interface BuiltinConnector {
  readonly manifest: ConnectorManifest;
  readonly handlers: Readonly<Record<string, BuiltinHandler>>;
  /** Changes of one lane are made one after the other in this process, since they would only get in each other's way. */
  readonly lane?: (input: JsonObject) => string;
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

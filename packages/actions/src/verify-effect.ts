import type { JsonObject } from '@counterpoint/core';
import { type CallResult, callAction } from './call.ts';
import type { DoorContext } from './door-context.ts';
import { holds, referenceInput } from './expressions.ts';
import { actionOf, type Prepared } from './prepare.ts';

/** What reading a target back showed. */
export type Verification =
  | { readonly kind: 'holds' | 'gone'; readonly output: JsonObject }
  /** The action declares no way to find out. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'failed'; readonly result: Extract<CallResult, { ok: false }> };

/** Reads back whether an effect is in force, through the action's `verify`. */
export async function verifyPrepared(
  context: DoorContext,
  prepared: Pick<Prepared, 'connector' | 'connection' | 'action' | 'input'>,
  key: string,
  signal: AbortSignal,
): Promise<Verification> {
  const { connector, connection, action, input } = prepared;
  const { verify } = action;
  if (!verify) return { kind: 'impossible' };
  const result = await callAction(context, {
    connector,
    name: verify.action,
    action: actionOf(connector, verify.action),
    connection,
    input: referenceInput(verify, { input, output: null }),
    key,
    signal,
  });
  if (!result.ok) {
    // A product that does not know the target any more has nothing in force on it.
    if (result.error.code === 'connector.not_found') return { kind: 'gone', output: {} };
    return { kind: 'failed', result };
  }
  return { kind: holds(verify.holds, { input, output: result.output }) ? 'holds' : 'gone', output: result.output };
}

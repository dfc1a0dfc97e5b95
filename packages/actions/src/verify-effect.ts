import type { ActionReference } from '@counterpoint/connector-kit';
import { isCounterpointError, type JsonObject } from '@counterpoint/core';
import { type Call, type CallFailure, type CallResult, callAction, notSent } from './call.ts';
import type { DoorContext } from './door-context.ts';
import { holds, referenceInput } from './expressions.ts';
import { actionOf, type Prepared } from './prepare.ts';

/** What reading a target back showed. */
export type Verification =
  | { readonly kind: 'holds' | 'gone'; readonly output: JsonObject }
  /** The action declares no way to find out. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'failed'; readonly result: CallFailure };

/** Reads back whether an effect is in force, through the action's `verify`. `timeout` in milliseconds; default: that of the reading action. */
export async function verifyPrepared(
  context: DoorContext,
  prepared: Pick<Prepared, 'connector' | 'connection' | 'action' | 'input'>,
  key: string,
  signal: AbortSignal,
  timeout?: number,
): Promise<Verification> {
  const { action, input } = prepared;
  const { verify } = action;
  if (!verify) return { kind: 'impossible' };
  const result = await readBack(context, prepared, verify, { key, signal, timeout });
  if (!result.ok) {
    // A product that does not know the target any more has nothing in force on it.
    if (result.error.code === 'connector.not_found') return { kind: 'gone', output: {} };
    return { kind: 'failed', result };
  }
  try {
    return { kind: holds(verify.holds, { input, output: result.output }) ? 'holds' : 'gone', output: result.output };
  } catch (error) {
    // An answer that cannot be read tells nothing, least of all that the effect is gone.
    if (!isCounterpointError(error)) throw error;
    return { kind: 'failed', result: notSent(error) };
  }
}

function readBack(
  context: DoorContext,
  { connector, connection, input }: Pick<Prepared, 'connector' | 'connection' | 'input'>,
  verify: ActionReference,
  call: Pick<Call, 'key' | 'signal' | 'timeout'>,
): Promise<CallResult> | CallResult {
  try {
    return callAction(context, {
      connector,
      name: verify.action,
      action: actionOf(connector, verify.action),
      connection,
      input: referenceInput(verify, { input, output: null }),
      ...call,
    });
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return notSent(error);
  }
}

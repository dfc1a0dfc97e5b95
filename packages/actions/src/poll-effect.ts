import { ConnectorError } from '@counterpoint/connector-kit';
import {
  type CounterpointError,
  isCounterpointError,
  type Json,
  type JsonObject,
  parseDuration,
} from '@counterpoint/core';
import type { EffectRow } from '@counterpoint/events';
import { type CallResult, callAction, notSent } from './call.ts';
import type { ActionOutcome } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { fillTemplate, holds, referenceInput } from './expressions.ts';
import { concludeFailed, concludeLost, concludePending, concludePerformed, type Pending } from './ledger/conclude.ts';
import { effectByKey } from './ledger/standing.ts';
import { actionOf, type Prepared } from './prepare.ts';
import { checkInput } from './schema.ts';
import { settledFrom } from './settled.ts';

type Completion = NonNullable<Prepared['action']['completion']>;

/** What a poll found: still going on, done with this output, or over without it. */
type Finding =
  | { readonly kind: 'going_on' }
  | { readonly kind: 'done'; readonly output: JsonObject }
  | { readonly kind: 'failed'; readonly error: CounterpointError }
  | { readonly kind: 'lost'; readonly error: CounterpointError; readonly output: Json };

/** Asks after an asynchronous action. */
export async function pollEffect(
  context: DoorContext,
  prepared: Prepared,
  pending: Pending,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { request, action, connector } = prepared;
  const row = action.effect === 'read' ? undefined : await effectByKey(context.store, request.key);
  if (row && row.state !== 'pending') {
    const settled = settledFrom(row, prepared);
    if (settled?.kind === 'settled') return settled.outcome;
  }
  const { completion } = action;
  if (!completion) throw new RangeError(`${connector.manifest.id}.${request.action} has no completion to poll`);
  const result = await ask(context, prepared, completion, pending, signal);
  const now = context.clock.now();
  const finding = read(prepared, completion, pending, result, now);
  return concludePoll(context, prepared, row, pending, finding, now);
}

function ask(
  context: DoorContext,
  prepared: Prepared,
  { poll }: Completion,
  pending: Pending,
  signal: AbortSignal,
): Promise<CallResult> | CallResult {
  const { connector, connection, input, request } = prepared;
  try {
    return callAction(context, {
      connector,
      name: poll.action,
      action: actionOf(connector, poll.action),
      connection,
      input: referenceInput(poll, { input, output: pending.output }),
      key: request.key,
      signal,
    });
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return notSent(error);
  }
}

function read(prepared: Prepared, completion: Completion, pending: Pending, result: CallResult, now: number): Finding {
  const { request, action, connector, input } = prepared;
  const { title } = connector.manifest;
  const overdue = now - pending.since > parseDuration(completion.timeout);
  const late = () =>
    new ConnectorError(
      'timeout',
      { connector: title, reason: `it was not done in ${completion.timeout}` },
      { performed: 'maybe' },
    );
  if (!result.ok) {
    if (result.error.retryable && !overdue) return { kind: 'going_on' };
    return { kind: 'lost', error: result.error.retryable ? late() : result.error, output: result.output };
  }
  const scope = { input, output: result.output };
  try {
    if (completion.failed !== undefined && holds(completion.failed, scope)) {
      const reason = JSON.stringify(result.output).slice(0, 200);
      const error = errors.completion_failed({ connector: request.connector, action: request.action, reason });
      return { kind: 'failed', error };
    }
    if (!holds(completion.done, scope)) {
      return overdue ? { kind: 'lost', error: late(), output: result.output } : { kind: 'going_on' };
    }
    const output = fillTemplate(completion.result, scope);
    const checked = checkInput(action.output, output as JsonObject);
    if ('input' in checked) return { kind: 'done', output: output as JsonObject };
    throw new RangeError(checked.reason);
  } catch (cause) {
    const reason = `its answer does not have the expected form: ${cause instanceof Error ? cause.message : String(cause)}`;
    const error = new ConnectorError('bad_response', { connector: title, reason }, { performed: 'maybe', cause });
    return { kind: 'lost', error, output: result.output };
  }
}

function concludePoll(
  { store }: DoorContext,
  prepared: Prepared,
  row: EffectRow | undefined,
  pending: Pending,
  finding: Finding,
  now: number,
): ActionOutcome | Promise<ActionOutcome> {
  if (finding.kind === 'going_on') return concludePending(prepared, row, pending, now);
  if (row) {
    if (finding.kind === 'done') return concludePerformed(store, prepared, row, finding.output, now);
    if (finding.kind === 'failed')
      return concludeFailed(store, row, { error: finding.error, retryAfter: undefined }, now);
    return concludeLost(prepared, row, { ...finding, retryAfter: undefined }, now);
  }
  if (finding.kind === 'done') return { status: 'succeeded', output: finding.output, effect: undefined, change: {} };
  const { error } = finding;
  const { retryable } = error;
  return { status: 'failed', error, retryable, retryAfter: undefined, performed: 'no', effect: undefined, change: {} };
}

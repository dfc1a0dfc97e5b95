import { callAction, type DoorContext, extendLease, type SiteCall, type SiteExtension } from '@counterpoint/actions';
import { isConnectorError } from '@counterpoint/connector-kit';
import { CounterpointError } from '@counterpoint/core';
import type { CallAnswer, ExtendAnswer, NodeRequest } from '../centre/sites.ts';
import { type MessageTrust, readMessage, type SignedText } from '../signed-text.ts';

/** What answering the centre needs. */
export interface AnswerOptions {
  readonly context: DoorContext;
  readonly trust: MessageTrust;
}

/** Who asked was held against these at the centre, where people are known. */
const ASKED: ReadonlySet<string> = new Set([
  ...['notify', 'change', 'contain', 'destroy'].map((effect) => `action:${effect}`),
  'connection:use',
]);

/**
 * Does what the centre asks for and waits for.
 *
 * @throws fabric.edge_message_refused when the centre has not signed it as that
 */
export function answerRequest(
  options: AnswerOptions,
  request: NodeRequest,
  signal: AbortSignal,
): Promise<CallAnswer | ExtendAnswer> {
  if (request.purpose === 'ping') return answerPing(options, request);
  return request.purpose === 'extend' ? extend(options, request, signal) : perform(options, request, signal);
}

/** The centre wants to know whether somebody is there. */
async function answerPing({ context, trust }: AnswerOptions, message: SignedText): Promise<CallAnswer> {
  readMessage('ping', message, trust, context.clock.now());
  return { ok: true, output: null };
}

/** Keeps an effect of this node longer, within what its guard allows. */
async function extend(
  { context, trust }: AnswerOptions,
  message: SignedText,
  signal: AbortSignal,
): Promise<ExtendAnswer> {
  const wish = readMessage('extend', message, trust, context.clock.now()) as unknown as Omit<SiteExtension, 'site'>;
  try {
    const { lease_until: leaseUntil } = await extendLease(context, { ...wish, permissions: ASKED }, signal);
    return { ok: true, leaseUntil };
  } catch (error) {
    if (!(error instanceof CounterpointError)) throw error;
    const { code, status, message: said, help, retryable } = error;
    return { ok: false, code, status, message: said, help, retryable };
  }
}

/** Performs one call of an action; the centre keeps the ledger about it. */
async function perform(
  { context, trust }: AnswerOptions,
  message: SignedText,
  signal: AbortSignal,
): Promise<CallAnswer> {
  const body = readMessage('call', message, trust, context.clock.now());
  const { connector: id, connection: through, action: name, input, key, timeout } = body as unknown as SiteCall;
  const refused = (reason: string): CallAnswer => {
    return { ok: false, error: 'unavailable', reason, performed: 'no', retryAfter: null };
  };
  const connector = context.connectors.get(id);
  const action = connector?.manifest.actions[name];
  if (!connector || !action) return refused(`the edge node has no ${id}.${name}`);
  const connection = await context.store.get('connections', through);
  if (connection?.connector !== id) return refused(`the edge node has no connection ${through} yet`);
  const result = await callAction(context, { connector, name, action, connection, input, key, timeout, signal });
  if (result.ok) return { ok: true, output: result.output };
  const { error, performed, retryAfter } = result;
  return {
    ok: false,
    error: isConnectorError(error) ? error.reason : 'unavailable',
    reason: error.message.replace(/\.$/, ''),
    performed,
    retryAfter: retryAfter ?? null,
  };
}

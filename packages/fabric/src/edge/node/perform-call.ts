import { callAction, type DoorContext, type SiteCall } from '@counterpoint/actions';
import { isConnectorError } from '@counterpoint/connector-kit';
import type { CallAnswer } from '../centre/sites.ts';
import { type MessageTrust, readMessage, type SignedText } from '../signed-text.ts';

/** What performing calls of the centre needs. */
export interface PerformOptions {
  readonly context: DoorContext;
  readonly trust: MessageTrust;
}

/**
 * Performs one call of an action for the centre, which keeps the ledger about it.
 *
 * @throws fabric.edge_message_refused when the centre has not signed it
 */
export async function performCall(
  { context, trust }: PerformOptions,
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

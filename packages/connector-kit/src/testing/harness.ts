import { type Clock, type Json, type JsonObject, systemClock } from '@counterpoint/core';
import type { ActionCall, Connector } from '../connector.ts';
import { allowedHostsOf } from '../define-connector.ts';
import { createEgress } from '../egress.ts';
import { type ConnectorError, isConnectorError } from '../errors.ts';
import type { ConnectorSimulator } from '../simulator/index.ts';

/** What may differ from an ordinary call. */
export interface CallOptions {
  readonly secrets?: Readonly<Record<string, string>>;
  /** Milliseconds; default 30,000: so long that a busy machine is no reason. */
  readonly timeoutMillis?: number;
  readonly clock?: Clock;
  readonly key?: string;
}

/** A call to a connector's simulator, through the real egress client. */
export function callSimulator(
  connector: Connector,
  simulator: ConnectorSimulator,
  input: JsonObject,
  options: CallOptions = {},
): ActionCall {
  const { manifest } = connector;
  const connection = {
    // One connection for each simulator, so that tests do not share a rate limit.
    id: `${manifest.id}_at_${simulator.server.url}`,
    config: simulator.config,
    secrets: options.secrets ?? simulator.secrets,
    network: 'lab',
    allowedHosts: allowedHostsOf(manifest, simulator.config),
    simulated: true,
  } as const;
  const timeoutMillis = options.timeoutMillis ?? 30_000;
  return {
    input,
    connection,
    http: createEgress({ connection, connector: manifest.title, limits: { timeoutMillis } }),
    signal: AbortSignal.timeout(timeoutMillis + 1_000),
    clock: options.clock ?? systemClock,
    key: options.key ?? 'test-key',
  };
}

/** Performs an action that must fail, and gives its error. @throws Error when it succeeds */
export async function connectorFailure(performing: Promise<Json>): Promise<ConnectorError> {
  const outcome: unknown = await performing.catch((cause: unknown) => cause);
  if (isConnectorError(outcome)) return outcome;
  throw new Error(
    `expected a connector error, got ${outcome instanceof Error ? outcome.stack : JSON.stringify(outcome)}`,
  );
}

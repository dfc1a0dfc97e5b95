import type { Clock, Json, JsonObject } from '@counterpoint/core';
import type { ConnectorManifest } from './manifest.ts';

/** A connection, ready to be used for one call. */
export interface ResolvedConnection {
  readonly id: string;
  readonly config: JsonObject;
  /** The secrets in the clear, for this call only. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly network: 'public' | 'private' | 'lab';
  readonly allowedHosts: readonly string[];
  readonly simulated: boolean;
}

/** One HTTP request through the egress guard. */
export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Asked when a connection is there and the first byte is about to leave; false: it stays. Default: it may. */
  readonly mayLeave?: () => boolean;
}

/** The answer to an {@link EgressRequest}; the body is read whole, within the output limit. */
export interface EgressResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  text(): string;
}

/** The only way for a connector to reach the network: bound to one connection's hosts and network scope. */
export interface EgressClient {
  /** @throws connector.egress_denied, connector.timeout, connector.unavailable */
  request(request: EgressRequest): Promise<EgressResponse>;
}

/** On whose behalf a call is made, and why: what a connector passes on to whoever keeps one trace with us. */
export interface CallOrigin {
  readonly principal: string;
  readonly trace: string;
  readonly cause: string;
  readonly hop: number;
}

/** What one call of an action is given. */
export interface ActionCall {
  readonly input: JsonObject;
  readonly connection: ResolvedConnection;
  readonly http: EgressClient;
  /** Aborted at the call's time-out or when the run no longer wants the answer. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The same for every attempt of one effect; sent to vendors that accept idempotency keys. */
  readonly key: string;
  readonly origin?: CallOrigin;
}

/** A code action: takes the validated input, gives the output or throws a {@link ConnectorError}. */
export type ActionHandler = (call: ActionCall) => Promise<Json>;

/** A connector: its manifest and how to perform each of its actions. */
export interface Connector {
  readonly manifest: ConnectorManifest;
  /**
   * Performs one action once (no retries), checking nothing but what the vendor answers.
   *
   * @throws ConnectorError
   */
  perform(action: string, call: ActionCall): Promise<Json>;
  /** Whether somebody is there who performs it now; without it a connector counts as always there. */
  available?(action: string): boolean;
}

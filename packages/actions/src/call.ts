import {
  type ActionManifest,
  type CallOrigin,
  type Connector,
  ConnectorError,
  checkValue,
  type EgressClient,
  isConnectorError,
  type Performed,
  type ResolvedConnection,
  redactorFor,
} from '@counterpoint/connector-kit';
import {
  type Clock,
  CounterpointError,
  coreErrors,
  type Json,
  type JsonObject,
  type Limits,
  newId,
  parseDuration,
} from '@counterpoint/core';
import type { ConnectionRow } from '@counterpoint/events';
import { redactError } from './redact-error.ts';
import type { Sites } from './sites.ts';

/** What calling connectors needs from outside. */
export interface CallDependencies {
  readonly clock: Clock;
  readonly limits: Limits;
  /** The HTTP client of one connection, behind the egress guard. */
  readonly egress: (connection: ResolvedConnection, connector: string) => EgressClient;
  /** Opens a secret of the vault. `purpose` goes into the audit log. */
  readonly openSecret: (id: string, purpose: string) => Promise<string>;
  /** How edge nodes are reached; undefined: there are none. */
  readonly sites?: Sites | undefined;
  /** On an edge node its id: its effects must not be taken for those of others on the same target. */
  readonly node?: string;
}

/** One call of one action of a product. */
export interface Call {
  readonly connector: Connector;
  readonly name: string;
  readonly action: ActionManifest;
  readonly connection: ConnectionRow;
  readonly input: JsonObject;
  /** Sent to vendors that accept idempotency keys. */
  readonly key: string;
  /** Milliseconds; undefined: the action's own. */
  readonly timeout?: number | undefined;
  readonly signal: AbortSignal;
  /** Asked right before each request leaves; false: it stays. Default: true. */
  readonly isMine?: (() => boolean) | undefined;
  /** For connectors that keep one trace with us. */
  readonly origin?: CallOrigin;
}

/** A call that failed. */
export interface CallFailure {
  readonly ok: false;
  readonly error: CounterpointError;
  readonly performed: Performed;
  readonly retryAfter: number | undefined;
  /** What the vendor answered, when it was an answer and not of the promised form. */
  readonly output: Json;
}

/** How a call ended. */
export type CallResult = { readonly ok: true; readonly output: JsonObject } | CallFailure;

const DEFAULT_TIMEOUT = '30s';

/** The longest time for one call of an action, in milliseconds. */
export function timeoutOf(action: ActionManifest, asked: number | undefined): number {
  return asked ?? parseDuration(action.timeout ?? DEFAULT_TIMEOUT);
}

async function resolved(deps: CallDependencies, call: Call): Promise<ResolvedConnection> {
  const { connection, connector, name } = call;
  const purpose = `${connector.manifest.id}.${name} through ${connection.id}`;
  // The node that calls it has them.
  const needed = connection.site === '' ? Object.entries(connection.secrets) : [];
  const secrets = await Promise.all(
    needed.map(async ([field, id]) => [field, await deps.openSecret(id, purpose)] as const),
  );
  return {
    id: connection.id,
    config: connection.config as JsonObject,
    secrets: Object.fromEntries(secrets),
    network: connection.network,
    allowedHosts: connection.allowed_hosts,
    simulated: connection.simulated,
  };
}

function failed(error: CounterpointError, performed: Performed, output: Json = null): CallFailure {
  return { ok: false, error, performed, retryAfter: isConnectorError(error) ? error.retryAfter : undefined, output };
}

/** The result of a call that never went out. */
export function notSent(error: CounterpointError): CallFailure {
  return failed(error, 'no');
}

function asFailure(cause: unknown): CallFailure {
  if (isConnectorError(cause)) return failed(cause, cause.performed);
  // A handler that throws anything else has a defect; what it had sent by then nobody knows.
  const error = cause instanceof CounterpointError ? cause : coreErrors.internal({ reference: newId() }, { cause });
  return failed(error, 'maybe');
}

/** Rejects when the signal is aborted, so that a handler that ignores it cannot hold up the run. */
function abortion(signal: AbortSignal, error: () => Error): { readonly promise: Promise<never>; stop(): void } {
  let stop = () => {};
  const promise = new Promise<never>((_resolve, reject) => {
    const listener = () => reject(error());
    if (signal.aborted) listener();
    signal.addEventListener('abort', listener, { once: true });
    stop = () => signal.removeEventListener('abort', listener);
  });
  promise.catch(() => undefined);
  return { promise, stop };
}

async function callOnce(deps: CallDependencies, call: Call, connection: ResolvedConnection): Promise<Json> {
  const { title } = call.connector.manifest;
  const timer = new AbortController();
  const cancel = deps.clock.after(timeoutOf(call.action, call.timeout), () => timer.abort());
  const signal = AbortSignal.any([call.signal, timer.signal]);
  const aborted = abortion(signal, () => {
    const reason = timer.signal.aborted ? 'the time allowed is over' : 'the answer is no longer wanted';
    return new ConnectorError('timeout', { connector: title, reason }, { performed: 'maybe' });
  });
  try {
    const work = perform(deps, call, connection, signal);
    return await Promise.race([work, aborted.promise]);
  } finally {
    cancel();
    aborted.stop();
  }
}

/** @throws ConnectorError when somebody else has the work by now */
function requireMine({ connector, isMine }: Call): void {
  if (isMine?.() !== false) return;
  const reason = 'the work was given up before it was sent';
  throw new ConnectorError('unavailable', { connector: connector.manifest.title, reason }, { performed: 'no' });
}

/** Here, or at the edge node that calls the connection. */
function perform(
  deps: CallDependencies,
  call: Call,
  connection: ResolvedConnection,
  signal: AbortSignal,
): Promise<Json> {
  const { connector, name, input, key, origin } = call;
  const { id, title } = connector.manifest;
  const { site } = call.connection;
  requireMine(call);
  if (site === '') {
    const out = deps.egress(connection, title);
    const { isMine } = call;
    const http: EgressClient = isMine ? { request: (request) => out.request({ ...request, mayLeave: isMine }) } : out;
    return connector.perform(name, {
      ...{ input, connection, http, signal, clock: deps.clock, key },
      ...(origin && { origin }),
    });
  }
  if (!deps.sites) {
    throw new ConnectorError(
      'unavailable',
      { connector: title, reason: `nothing reaches the edge node ${site}` },
      { performed: 'no' },
    );
  }
  const timeout = timeoutOf(call.action, call.timeout);
  return deps.sites.perform(
    { site, connector: id, connection: connection.id, action: name, input, key, timeout },
    signal,
  );
}

function checkOutput(deps: CallDependencies, call: Call, output: Json): string | undefined {
  const size = Buffer.byteLength(JSON.stringify(output ?? null));
  if (size > deps.limits.outputBytes) return `its answer of ${size} bytes is larger than ${deps.limits.outputBytes}`;
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return 'its answer is not an object';
  const problem = call.action.completion ? undefined : checkValue(call.action.output, output);
  return problem === undefined ? undefined : `its answer does not have the expected form: ${problem}`;
}

/**
 * Calls an action once: opens the connection's secrets, bounds time and size, takes the secrets out of whatever comes
 * back, and checks its form. Never throws.
 */
export async function callAction(deps: CallDependencies, call: Call): Promise<CallResult> {
  const { title } = call.connector.manifest;
  if (call.signal.aborted) {
    const reason = 'it was given up before it was sent';
    return failed(new ConnectorError('timeout', { connector: title, reason }, { performed: 'no' }), 'no');
  }
  let connection: ResolvedConnection;
  try {
    connection = await resolved(deps, call);
  } catch (cause) {
    const error = cause instanceof CounterpointError ? cause : coreErrors.internal({ reference: newId() }, { cause });
    return failed(error, 'no');
  }
  const redactor = redactorFor(connection.secrets);
  let output: Json;
  try {
    output = redactor.value(await callOnce(deps, call, connection));
  } catch (cause) {
    const result = asFailure(cause);
    redactError(result.error, redactor);
    return result;
  }
  const reason = checkOutput(deps, call, output);
  if (reason === undefined) return { ok: true, output: output as JsonObject };
  const error = new ConnectorError('bad_response', { connector: title, reason }, { performed: 'maybe' });
  return failed(error, 'maybe', reason.includes('larger than') ? null : output);
}

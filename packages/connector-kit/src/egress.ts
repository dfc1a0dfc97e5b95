import {
  type Clock,
  createRedactor,
  defaultLimits,
  escapeControl,
  type Redactor,
  systemClock,
} from '@counterpoint/core';
import { createEgressAgents, type EgressAgents, REFUSED_ADDRESS } from './agents.ts';
import type { EgressClient, EgressRequest, EgressResponse, ResolvedConnection } from './connector.ts';
import { judgeDestination } from './destination.ts';
import { ConnectorError, type Performed } from './errors.ts';
import { type Exchange, ExchangeFailure, exchange } from './exchange.ts';
import type { ConnectorErrorName } from './manifest.ts';

/** Bounds on one request. */
export interface EgressLimits {
  /** The largest answer that is read, in bytes. Default: `defaultLimits.outputBytes`. */
  readonly outputBytes: number;
  /** The longest time for one request with its redirects, in milliseconds. Default 30,000. */
  readonly timeoutMillis: number;
}

/** What {@link createEgress} needs. */
export interface EgressOptions {
  readonly connection: Pick<ResolvedConnection, 'id' | 'network' | 'allowedHosts' | 'secrets'>;
  /** The product's name, for error messages. Default: the connection's id. */
  readonly connector?: string;
  readonly clock?: Clock;
  readonly limits?: Partial<EgressLimits>;
  /** Removes secrets from error messages. Default: one that knows the connection's secrets. */
  readonly redactor?: Redactor;
  /** Connection pools to share. Default: those of the process. */
  readonly agents?: EgressAgents;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What may follow a redirect to another origin; anything else might be a credential. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'user-agent']);
/** Headers that belong to the transport; setting them would disguise the destination or break the framing. */
const TRANSPORT_HEADERS = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect']);

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'the name service does not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  UND_ERR_CONNECT_TIMEOUT: 'the connection could not be opened in time',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS there',
  EPROTO: 'TLS could not be agreed on',
  HPE_INVALID_CONSTANT: 'what answers there does not speak HTTP',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

let processAgents: EgressAgents | undefined;

/** The connection pools that egress clients share by default; close them when the process ends. */
export function sharedEgressAgents(): EgressAgents {
  processAgents ??= createEgressAgents();
  return processAgents;
}

/** A redactor that knows the secrets of one connection. */
export function redactorFor(secrets: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const secret of Object.values(secrets)) redactor.add(secret);
  return redactor;
}

function cleanHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const clean: Record<string, string> = { 'user-agent': 'counterpoint', 'accept-encoding': 'identity' };
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (!TRANSPORT_HEADERS.has(lower) && lower !== 'accept-encoding') clean[lower] = value;
  }
  return clean;
}

function harmlessOnly(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name)));
}

function response(answer: Exchange): EgressResponse {
  return { ...answer, text: () => answer.body.toString('utf8') };
}

/** Turns a failed exchange into the error an action ends with. */
function explain(failure: ExchangeFailure, limits: EgressLimits): { reason: ConnectorErrorName; text: string } {
  const { code } = failure;
  if (code === REFUSED_ADDRESS) return { reason: 'egress_denied', text: 'its name leads outside the network scope' };
  if (code === 'ABORTED') return { reason: 'timeout', text: 'the time allowed for the request is over' };
  if (code === 'GIVEN_UP') return { reason: 'unavailable', text: 'the work was given up before it was sent' };
  if (code === 'TOO_LARGE') {
    return { reason: 'bad_response', text: `the answer is larger than ${limits.outputBytes} bytes` };
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return { reason: 'invalid_request', text: 'a header or the path has characters that HTTP does not allow' };
  }
  return { reason: 'unavailable', text: REASONS[code] ? `${REASONS[code]} (${code})` : code };
}

/**
 * The HTTP client of one connection, and the only way out. Every URL, redirects included, is judged before it is
 * looked up, and every address before it is dialled. Redirects are followed for GET and HEAD only, at most three, to
 * allowed hosts only; another origin gets no headers that might be credentials. Answers are read whole and bounded;
 * compressed answers are not asked for. Errors carry fixed words and codes, never what was sent.
 */
export function createEgress(options: EgressOptions): EgressClient {
  const { connection, clock = systemClock } = options;
  const connector = options.connector ?? connection.id;
  const limits: EgressLimits = { outputBytes: defaultLimits.outputBytes, timeoutMillis: 30_000, ...options.limits };
  const redactor = options.redactor ?? redactorFor(connection.secrets);
  const agents = options.agents ?? sharedEgressAgents();

  const fail = (reason: ConnectorErrorName, text: string, host: string, performed: Performed): ConnectorError => {
    const clean = (value: string) => redactor.text(escapeControl(value));
    return new ConnectorError(
      reason,
      { connector: clean(connector), reason: clean(text), host: clean(host) },
      { performed },
    );
  };

  const walk = async (request: EgressRequest, signal: AbortSignal): Promise<EgressResponse> => {
    let headers = cleanHeaders(request.headers ?? {});
    let target = request.url;
    let from: URL | undefined;
    for (let hop = 0; ; hop++) {
      const verdict = judgeDestination(target, connection, from);
      const before: Performed = hop === 0 ? 'no' : 'maybe';
      if (!verdict.allowed) throw fail('egress_denied', verdict.reason, verdict.host, before);
      const { url } = verdict;
      if (from && from.origin !== url.origin) headers = harmlessOnly(headers);
      const dispatcher = await agents.dispatcherFor(connection.network);
      const answer = await exchange(dispatcher, {
        url,
        method: request.method,
        headers,
        body: request.body,
        signal,
        mayLeave: request.mayLeave,
        maxBytes: limits.outputBytes,
      }).catch((cause: unknown) => {
        if (!(cause instanceof ExchangeFailure)) throw cause;
        const { reason, text } = explain(cause, limits);
        throw fail(reason, text, url.host, cause.sent ? 'maybe' : before);
      });
      const location = answer.headers.location;
      const followable = request.method === 'GET' || request.method === 'HEAD';
      if (!followable || location === undefined || !REDIRECTS.has(answer.status)) {
        const encoding = answer.headers['content-encoding'] ?? 'identity';
        if (encoding !== 'identity') throw fail('bad_response', 'it is compressed, unasked', url.host, 'maybe');
        return response(answer);
      }
      if (hop === MAX_REDIRECTS) throw fail('egress_denied', `more than ${MAX_REDIRECTS} redirects`, url.host, 'maybe');
      target = location;
      from = url;
    }
  };

  return {
    async request(request) {
      const timer = new AbortController();
      const cancel = clock.after(limits.timeoutMillis, () => timer.abort());
      const signal = request.signal ? AbortSignal.any([request.signal, timer.signal]) : timer.signal;
      try {
        return await walk(request, signal);
      } finally {
        cancel();
      }
    },
  };
}

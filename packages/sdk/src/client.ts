import { type Endpoint, type EndpointName, endpoints, isChange } from '@counterpoint/contracts';
import type { z } from 'zod';
import { createChangeKeys } from './change-keys.ts';
import { linesOf, readAnswer, send } from './exchange.ts';
import { readEvents, type StreamEvent, watched } from './stream.ts';

type Definition<Name extends EndpointName> = (typeof endpoints)[Name];
type Input<Schema> = Schema extends z.ZodType ? z.input<Schema> : never;

type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParams<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** What a call takes: path parameters, query and body, each only where the endpoint has them. */
export type CallArguments<Name extends EndpointName> = {
  readonly [Param in PathParams<Definition<Name>['path']>]: string;
} & (Definition<Name> extends { query: infer Query } ? { readonly query?: Input<Query> } : unknown) &
  (Definition<Name> extends { body: infer Body } ? { readonly body: Input<Body> } : unknown);

/** What a call gives. */
export type CallResult<Name extends EndpointName> = z.output<Definition<Name>['response']>;

type Call<Name extends EndpointName> =
  Record<never, never> extends CallArguments<Name>
    ? (args?: CallArguments<Name>) => Promise<CallResult<Name>>
    : (args: CallArguments<Name>) => Promise<CallResult<Name>>;

/** A method for every operation of the API, and the event stream. */
export type Client = { readonly [Name in EndpointName]: Call<Name> } & {
  /**
   * Server-sent events of everything or of one trace, until `signal` aborts or the connection ends; reconnecting is the
   * caller's choice. It ends with an error when nothing, not even a heartbeat, has come for 45 s.
   */
  stream(signal: AbortSignal, options?: StreamOptions): AsyncGenerator<StreamEvent>;
  /** The whole audit log as JSON lines, as it comes. Ends with an error when the connection breaks off. */
  auditLines(): AsyncGenerator<string>;
};

/** What is listened to. */
export interface StreamOptions {
  /** Only what belongs to this trace; default: everything. */
  readonly trace?: string;
  /** Called once the server has accepted: from here on nothing is missed. */
  readonly onOpen?: () => void;
}

/** Where the server is and who asks. */
export interface ClientOptions {
  /** Base URL, such as `http://127.0.0.1:7300`. */
  readonly url: string;
  readonly token?: string | undefined;
  /**
   * In a browser that is signed in by a cookie: the token that proves, with every change, that this page asks for it.
   * Undefined while nobody is signed in.
   */
  readonly csrf?: () => string | undefined;
  /**
   * In a browser: whether somebody has touched the page lately. What is asked for meanwhile by the page itself does not keep
   * its session alive. Default: always.
   */
  readonly attended?: () => boolean;
  /**
   * Asks for every change under a key of its own, and for the very same change under the same key as long as nobody knows what
   * came of it: then it is done once, however often it is asked for. Default false.
   */
  readonly once?: boolean;
  /** Milliseconds for one call; default 90,000. */
  readonly timeout?: number;
}

type Headers = Readonly<Record<string, string>>;

interface LooseArguments {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly [param: string]: unknown;
}

function buildUrl(base: string, definition: Endpoint, args: LooseArguments): URL {
  const path = definition.path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(String(args[name])));
  const url = new URL(`/api/v1${path}`, base);
  for (const [name, value] of Object.entries(args.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/**
 * Makes a client of the HTTP API.
 *
 * Calls throw a `CounterpointError` with the server's code, `sdk.unreachable` or `sdk.bad_answer`.
 */
export function createClient(options: ClientOptions): Client {
  const identity: Headers = options.token ? { authorization: `Bearer ${options.token}` } : {};

  const ask = async (definition: Endpoint, url: URL, body: string | undefined, key: Headers): Promise<unknown> => {
    const csrf = definition.method === 'GET' ? undefined : options.csrf?.();
    const headers: Headers = {
      ...identity,
      ...key,
      ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
      ...(options.attended?.() === false ? { 'x-unattended': '1' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const response = await send(url, {
      method: definition.method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(options.timeout ?? 90_000),
    });
    return readAnswer(response, url);
  };

  const keys = createChangeKeys(Date.now);
  const call = async (definition: Endpoint, args: LooseArguments): Promise<unknown> => {
    const url = buildUrl(options.url, definition, args);
    const body = definition.body ? JSON.stringify(args.body ?? {}) : undefined;
    if (!options.once || !isChange(definition)) return ask(definition, url, body, {});
    const wish = `${definition.method} ${url.href} ${body ?? ''}`;
    try {
      const answer = await ask(definition, url, body, { 'idempotency-key': keys.keyFor(wish) });
      keys.answered(wish);
      return answer;
    } catch (error) {
      keys.failed(wish, error);
      throw error;
    }
  };

  const methods = Object.fromEntries(
    Object.entries(endpoints).map(([name, definition]) => [
      name,
      (args: LooseArguments = {}) => call(definition, args),
    ]),
  );
  async function* stream(signal: AbortSignal, { trace, onOpen }: StreamOptions = {}): AsyncGenerator<StreamEvent> {
    const url = new URL('/api/v1/stream', options.url);
    if (trace !== undefined) url.searchParams.set('trace', trace);
    const silent = new AbortController();
    const response = await send(url, {
      headers: { ...identity, accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (!response.ok || !response.body) await readAnswer(response, url);
    if (!response.body) return;
    onOpen?.();
    yield* readEvents(watched(response.body, () => silent.abort()));
  }
  async function* auditLines(): AsyncGenerator<string> {
    const url = new URL('/api/v1/audit/export', options.url);
    const response = await send(url, { headers: identity });
    if (!response.ok || !response.body) await readAnswer(response, url);
    if (response.body) yield* linesOf(response.body, url);
  }
  return { ...methods, stream, auditLines } as unknown as Client;
}

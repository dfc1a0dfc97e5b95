import type { Json } from '@counterpoint/core';

/**
 * A JSON Schema (2020-12). Besides the standard keywords: `untrusted: true` marks text that an attacker can choose,
 * `secret: true` marks a connection field that belongs in the vault, `query: true` marks a field that a vendor
 * interprets (a query or script), into which nothing may be interpolated.
 */
export type JsonSchema = { readonly [keyword: string]: Json };

/** What an action does to the world; only `read` leaves it as it was. */
export type EffectClass = 'read' | 'notify' | 'change' | 'contain' | 'destroy';

/** Another action of the same connector, with its arguments as a template over `input` and `output`. */
export interface ActionReference {
  readonly action: string;
  readonly with: Json;
}

/**
 * An action's request, said in data. All values are templates over `input`, `config`, `secret` and `key` (the
 * idempotency key: the same for every attempt of one effect). Members that come out null are left out.
 */
export interface HttpRequestTemplate {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path under the connection's base URL; interpolated values are percent-encoded. */
  readonly path: string;
  readonly query?: Json;
  readonly headers?: Json;
  /** Sent as JSON; a request has this, `form` or `multipart`. */
  readonly body?: Json;
  readonly form?: Json;
  /** Sent as `multipart/form-data`: a member is text, or `{ filename, base64 }` for a file. */
  readonly multipart?: Json;
}

/** How the pages of a list are fetched; `items` is CEL over `body`. */
export type Paging =
  | {
      readonly kind: 'cursor';
      readonly items: string;
      readonly next: string;
      readonly parameter: string;
      readonly max_pages: number;
    }
  | {
      readonly kind: 'offset';
      readonly items: string;
      readonly parameter: string;
      readonly size: number;
      readonly max_pages: number;
    }
  | { readonly kind: 'page'; readonly items: string; readonly parameter: string; readonly max_pages: number };

/** A vendor's answer that means one of our errors. `when` is CEL over `status`, `headers` and `body`; first match wins. */
export interface ErrorMapping {
  readonly when: string;
  readonly error: ConnectorErrorName;
  /** CEL that finds the vendor's words. */
  readonly message?: string;
}

/** The error names that playbooks can name in `retry.on` and `catch`; the code is `connector.<name>`. */
export type ConnectorErrorName =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'rate_limited'
  | 'unavailable'
  | 'timeout'
  | 'bad_response'
  | 'egress_denied';

/** One typed operation of a connector. */
export interface ActionManifest {
  readonly title: string;
  readonly description?: string;
  readonly effect: EffectClass;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  /** Doing it twice is the same as doing it once, so a retry after an unknown outcome is safe. Reads always are. */
  readonly idempotent: boolean;
  /** What it acts on, as CEL over `input` giving `<type>:<value>`; required for `contain` and `destroy`. */
  readonly target?: string;
  /** CEL over `output`: the target already was so before this call, so that undoing it is not ours. */
  readonly preexisting?: string;
  /**
   * A read action of the same connector that is asked first (its arguments are a template over `input`); its output is
   * `before` in the result's template. For vendors whose answer does not tell what was there already.
   */
  readonly before?: ActionReference;
  /** How to undo it. Template over `input` and `output`. */
  readonly inverse?: ActionReference;
  /** Why there is no inverse, where one is expected. */
  readonly irreversible?: string;
  /** Why there is no `verify`, where one is expected. */
  readonly unverifiable?: string;
  /**
   * How to find out whether it is in force: a read action, and CEL over `input` and `output` (of the read). When the
   * vendor ends it by itself, as CEL too: `expires_in` in seconds from now, or `expires_at` in Unix seconds; null: never.
   */
  readonly verify?: ActionReference & {
    readonly holds: string;
    readonly expires_in?: string;
    readonly expires_at?: string;
  };
  /**
   * The input field that receives the lease's remaining time in seconds, so that the vendor expires the change by
   * itself when we cannot. A later, longer claim performs the action again.
   */
  readonly lease?: { readonly argument: string };
  /**
   * Asynchronous completion: after the request, `poll` is asked every `interval` until `done` (CEL over `output` of the
   * poll) holds; `failed` ends it as an error; `result` is the action's output.
   */
  readonly completion?: {
    readonly poll: ActionReference;
    readonly done: string;
    readonly failed?: string;
    readonly result: Json;
    /** Durations such as `5s`. */
    readonly interval: string;
    readonly timeout: string;
  };
  /** Longest time for one call, such as `30s`; default 30 s. */
  readonly timeout?: string;
  /** Only declarative actions have these. */
  readonly request?: HttpRequestTemplate;
  readonly paging?: Paging;
  /** The output, as a template over `input`, `config`, `status`, `headers`, `body`, (with paging) `items` and (with `before`) `before`; default: the body or the items. */
  readonly result?: Json;
  readonly errors?: readonly ErrorMapping[];
  /** Statuses outside 200 to 299 that are answers and no errors, such as a 404 that means "never seen". */
  readonly accept?: readonly number[];
  /** Minutes of an analyst's time that one call saves; for the dashboards. */
  readonly minutes_saved?: number;
}

/** An integration with one product, as data. */
export interface ConnectorManifest {
  /** snake_case; the folder's name. */
  readonly id: string;
  readonly title: string;
  readonly vendor: string;
  readonly description: string;
  /** Semantic version of this connector. */
  readonly version: string;
  /** The vendor's documentation that this follows. */
  readonly documentation: string;
  /** Part of the product: acts on our own records only, needs no connection, passes no guard and writes no ledger. */
  readonly builtin?: boolean;
  /** What a connection of it is configured with; fields with `secret: true` go to the vault. */
  readonly connection: JsonSchema;
  /** CEL over `config` giving the base URL of requests. */
  readonly base_url?: string;
  /** Hosts that a connection may reach, as CEL over `config` giving a list; default: the base URL's host. */
  readonly allowed_hosts?: string;
  /** Headers or query parameters that authenticate; templates over `config` and `secret`. */
  readonly auth?: { readonly headers?: Json; readonly query?: Json };
  /** How many requests are sent at most. */
  readonly rate_limit?: { readonly requests: number; readonly per: string };
  /** Errors of all its actions, tried after an action's own. */
  readonly errors?: readonly ErrorMapping[];
  /** A read action that proves the credential; its arguments are a template over `config`. */
  readonly test?: ActionReference;
  /** Capability -> the action that provides it. */
  readonly capabilities?: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<string, ActionManifest>>;
}

import { compileExpression, compileTemplate } from '@counterpoint/expressions';
import type { ActionCall, EgressRequest } from './connector.ts';
import type { ConnectorManifest, HttpRequestTemplate } from './manifest.ts';
import { encodeForm, type FormPart } from './multipart.ts';
import { compilePath } from './path-template.ts';

/** What the templates of a request see. */
export interface RequestScope {
  readonly input: unknown;
  readonly config: unknown;
  readonly secret: Readonly<Record<string, string>>;
  /** The idempotency key: the same for every attempt of one effect. */
  readonly key: string;
}

/** Builds the request of a call; `extra` are query parameters of paging. */
export type RequestBuilder = (
  scope: RequestScope,
  extra: Readonly<Record<string, string>>,
) => Omit<EgressRequest, 'signal'>;

type Pairs = readonly (readonly [string, string])[];

/** The scope of a call. */
export function scopeOf(call: ActionCall): RequestScope {
  return { input: call.input, config: call.connection.config, secret: call.connection.secrets, key: call.key };
}

function asText(value: unknown, name: string): string {
  if (typeof value === 'object') throw new RangeError(`${name} must be text, a number or a boolean`);
  return String(value);
}

/** Name and value pairs of an evaluated object: null is left out, a list repeats the name. */
function pairsOf(value: unknown, part: string): Pairs {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw new RangeError(`${part} must be an object`);
  return Object.entries(value).flatMap(([name, inner]) =>
    (Array.isArray(inner) ? inner : [inner])
      .filter((item) => item !== null && item !== undefined)
      .map((item) => [name, asText(item, `${part} ${name}`)] as const),
  );
}

function withoutNulls(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}

type Part = (scope: RequestScope) => unknown;

function compilePart(template: unknown): Part {
  if (template === undefined) return () => undefined;
  const compiled = compileTemplate(template as Parameters<typeof compileTemplate>[0]);
  return (scope) => compiled.evaluate({ ...scope });
}

/** The parts of an evaluated multipart form; null is left out. */
function formParts(value: unknown): readonly FormPart[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new RangeError('multipart must be an object');
  }
  return Object.entries(value).flatMap(([name, inner]): FormPart[] => {
    if (inner === null || inner === undefined) return [];
    if (typeof inner !== 'object') return [{ name, text: String(inner) }];
    const { filename, base64 } = inner as { filename?: unknown; base64?: unknown };
    if (typeof filename !== 'string' || typeof base64 !== 'string') {
      throw new RangeError(`multipart ${name} must be text or a file of filename and base64`);
    }
    return [{ name, filename, bytes: Buffer.from(base64, 'base64') }];
  });
}

/** A body and the content type that it is sent with. */
type Content = { readonly type?: string; readonly body?: string | Uint8Array };

function compileBody(request: HttpRequestTemplate): (scope: RequestScope) => Content {
  const form = compilePart(request.form);
  const body = compilePart(request.body);
  const multipart = compilePart(request.multipart);
  if (request.multipart !== undefined) return (scope) => encodeForm(formParts(multipart(scope)));
  if (request.form !== undefined) {
    return (scope) => {
      const fields = new URLSearchParams();
      for (const [name, value] of pairsOf(form(scope), 'form')) fields.append(name, value);
      return { type: 'application/x-www-form-urlencoded', body: fields.toString() };
    };
  }
  if (request.body === undefined) return () => ({});
  return (scope) => ({ type: 'application/json', body: JSON.stringify(withoutNulls(body(scope))) });
}

/** Compiles the base URL of a connector: an absolute URL, given without its trailing slash. */
export function compileBaseUrl(manifest: ConnectorManifest): (config: unknown) => string {
  const expression = compileExpression(manifest.base_url ?? 'config.base_url');
  return (config) => {
    const value = expression.evaluate({ config });
    if (typeof value !== 'string' || !URL.canParse(value)) throw new RangeError('the base URL cannot be read');
    return value.replace(/\/+$/, '');
  };
}

/**
 * Compiles a request template. Members that are null are left out of query, headers, form and body, so that an
 * optional input needs no second template.
 *
 * @throws RangeError when a part is not what it must be; what compiling or evaluating an expression throws.
 */
export function compileRequest(manifest: ConnectorManifest, request: HttpRequestTemplate): RequestBuilder {
  const baseUrl = compileBaseUrl(manifest);
  const path = compilePath(request.path);
  const queries = [compilePart(request.query), compilePart(manifest.auth?.query)];
  const headerParts = [compilePart(request.headers), compilePart(manifest.auth?.headers)];
  const content = compileBody(request);
  return (scope, extra) => {
    const query = new URLSearchParams();
    for (const part of queries) for (const [name, value] of pairsOf(part(scope), 'query')) query.append(name, value);
    for (const [name, value] of Object.entries(extra)) query.set(name, value);
    const { type, body } = content(scope);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (type !== undefined) headers['content-type'] = type;
    for (const part of headerParts) {
      for (const [name, value] of pairsOf(part(scope), 'header')) headers[name.toLowerCase()] = value;
    }
    const search = query.size === 0 ? '' : `?${query}`;
    const url = `${baseUrl(scope.config)}${path({ ...scope })}${search}`;
    return { method: request.method, url, headers, ...(body === undefined ? {} : { body }) };
  };
}

import type { IncomingMessage } from 'node:http';
import type { Json } from '@counterpoint/core';

/** A request as a simulator's route sees it. */
export interface SimulatorRequest {
  readonly method: string;
  readonly path: string;
  /** The pieces that the route's `:name` parts matched, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body, read as JSON or as a form by its content type; null when there is none or it cannot be read. A file of a
   * multipart form is `{ filename, base64 }`.
   */
  readonly body: Json;
}

const MAX_BODY = 1024 * 1024;

async function readForm(bytes: Buffer<ArrayBuffer>, type: string): Promise<Json> {
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData().catch(() => undefined);
  if (!form) return null;
  const fields = [...form].map(async ([name, value]): Promise<[string, Json]> => {
    if (typeof value === 'string') return [name, value];
    const base64 = Buffer.from(await value.arrayBuffer()).toString('base64');
    return [name, { filename: value.name, base64 }];
  });
  return Object.fromEntries(await Promise.all(fields));
}

async function readBody(bytes: Buffer<ArrayBuffer>, type: string): Promise<Json> {
  if (bytes.length === 0) return null;
  if (type.startsWith('multipart/form-data')) return readForm(bytes, type);
  const text = bytes.toString('utf8');
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** Reads a request whole. @throws RangeError when its body is larger than 1 MiB. */
export async function readRequest(incoming: IncomingMessage): Promise<SimulatorRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new RangeError('the body is too large');
    chunks.push(chunk as Buffer);
  }
  const url = new URL(incoming.url ?? '/', 'http://simulator');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    params: {},
    query: Object.fromEntries(url.searchParams),
    headers,
    body: await readBody(Buffer.concat(chunks), headers['content-type'] ?? ''),
  };
}

/**
 * The parameters of `path` when it fits `pattern` (`/v3/community/:ip`; a trailing slash does not matter), else
 * undefined.
 */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/').filter((piece) => piece !== '');
  const given = path.split('/').filter((piece) => piece !== '');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, piece] of wanted.entries()) {
    const value = given[index] as string;
    if (piece.startsWith(':')) params[piece.slice(1)] = decodeURIComponent(value);
    else if (piece !== value) return undefined;
  }
  return params;
}

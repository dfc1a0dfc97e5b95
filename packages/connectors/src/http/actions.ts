import {
  type ActionCall,
  type ActionHandler,
  type Answer,
  type EgressResponse,
  requireSuccess,
  vendorError,
} from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';

const TITLE = 'HTTP';

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function object(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
}

function invalid(call: ActionCall, reason: string): Error {
  return vendorError(TITLE, call, { error: 'invalid_request', reason, performed: 'no' });
}

/** The URL of a call: never outside the path of the base URL, whatever `path` says. */
function urlOf(call: ActionCall): string {
  const base = (text(call.connection.config.base_url) ?? '').replace(/\/+$/, '');
  const path = text(call.input.path) ?? '/';
  const url = URL.parse(base + path);
  const root = URL.parse(`${base}/`);
  if (!url || !root) throw invalid(call, 'the base URL or the path cannot be read');
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) {
    throw invalid(call, 'the path leaves the base URL');
  }
  if (url.hash !== '') throw invalid(call, 'a path has no fragment');
  for (const [name, value] of Object.entries(object(call.input.query))) {
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (one !== null) url.searchParams.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one));
    }
  }
  return url.href;
}

function headersOf(call: ActionCall): Record<string, string> {
  const { config, secrets } = call.connection;
  const headers: Record<string, string> = { accept: 'application/json, text/plain, */*' };
  for (const [name, value] of Object.entries(object(call.input.headers))) headers[name.toLowerCase()] = String(value);
  const { credential } = secrets;
  if (credential !== undefined) headers[(text(config.auth_header) ?? 'authorization').toLowerCase()] = credential;
  return headers;
}

function output(answer: Answer, response: EgressResponse): Json {
  return { status: answer.status, headers: answer.headers, body: answer.readable ? answer.body : response.text() };
}

async function send(call: ActionCall, method: string): Promise<Json> {
  const { body } = call.input;
  const headers = headersOf(call);
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  if (content !== undefined && typeof body !== 'string') headers['content-type'] ??= 'application/json';
  const response = await call.http.request({
    method,
    url: urlOf(call),
    headers,
    ...(content === undefined ? {} : { body: content }),
    signal: call.signal,
  });
  return output(requireSuccess(TITLE, call, response), response);
}

/** The code actions of the HTTP connector. */
export const handlers: Readonly<Record<string, ActionHandler>> = {
  get: (call) => send(call, 'GET'),
  request: (call) => send(call, text(call.input.method) ?? 'POST'),
};

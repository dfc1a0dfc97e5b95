import { manualClock, systemClock } from '@counterpoint/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionCall } from './connector.ts';
import { allowedHostsOf, defineConnector } from './define-connector.ts';
import { createEgress } from './egress.ts';
import { type ConnectorError, isConnectorError } from './errors.ts';
import { loadManifest } from './load-manifest.ts';
import { createSimulator, type Simulator, type SimulatorAnswer } from './simulator/index.ts';

const TOKEN = 'canary+token/with=signs';
const MANIFEST = `
id: acme
title: Acme
vendor: Acme Inc.
description: Things.
version: 1.0.0
documentation: https://docs.acme.example/api
connection: { type: object, properties: { base_url: { type: string } } }
base_url: config.base_url
auth: { headers: { authorization: "Bearer \${{ secret.token }}" } }
errors:
  - { when: 'body.ok == false && body.error == "slow_down"', error: rate_limited, message: body.error }
  - { when: body.ok == false, error: invalid_request, message: body.error }
actions:
  get_thing:
    title: Get a thing
    effect: read
    idempotent: true
    input: { type: object, properties: { id: { type: string }, note: { type: string } } }
    output: { type: object, required: [name], properties: { name: { type: string } } }
    request:
      method: GET
      path: /v1/things/\${{ input.id }}/detail
      query: { note: "\${{ input.?note.orValue(null) }}", tags: [a, b], "n": 3 }
    result: { name: "\${{ body.name }}" }
    errors:
      - { when: status == 404, error: not_found, message: '"no such thing"' }
  put_thing:
    title: Put a thing
    effect: change
    idempotent: true
    input: { type: object }
    output: {}
    request:
      method: POST
      path: /v1/things
      headers: { idempotency-key: "\${{ key }}" }
      body: { name: "\${{ input.name }}", note: "\${{ input.?note.orValue(null) }}", count: 2 }
  send_form:
    title: Send a form
    effect: notify
    idempotent: false
    input: { type: object }
    output: {}
    request: { method: POST, path: /v1/forms, form: { text: "\${{ input.text }}", n: 1 } }
  list_by_cursor:
    title: List
    effect: read
    idempotent: true
    input: { type: object }
    output: {}
    request: { method: GET, path: /v1/cursor }
    paging: { kind: cursor, items: body.items, next: body.next, parameter: after, max_pages: 3 }
  list_by_page:
    title: List
    effect: read
    idempotent: true
    input: { type: object }
    output: {}
    request: { method: GET, path: /v1/page }
    paging: { kind: page, items: body, parameter: page, max_pages: 10 }
  list_by_offset:
    title: List
    effect: read
    idempotent: true
    input: { type: object }
    output: {}
    request: { method: GET, path: /v1/offset }
    paging: { kind: offset, items: body, parameter: skip, size: 2, max_pages: 10 }
    result: { count: "\${{ size(items) }}" }
  replace_thing:
    title: Replace a thing
    effect: change
    idempotent: true
    input: { type: object }
    output: {}
    before: { action: get_thing, with: { id: "\${{ input.id }}" } }
    request: { method: POST, path: /v1/things, body: { name: "\${{ input.name }}" } }
    result: { was: "\${{ before.name }}", is: "\${{ body.name }}" }
  find_thing:
    title: Find a thing
    effect: read
    idempotent: true
    input: { type: object }
    output: {}
    request: { method: GET, path: "/v1/things/\${{ input.id }}/detail" }
    accept: [404]
    result: { found: "\${{ status != 404 }}" }
`;
const manifest = loadManifest(MANIFEST);
const acme = defineConnector({ manifest });

let simulator: Simulator;
let answer: SimulatorAnswer;

beforeAll(async () => {
  const items = [1, 2, 3, 4, 5];
  simulator = await createSimulator({
    routes: {
      'GET /v1/things/:id/detail': () => answer,
      'POST /v1/things': () => answer,
      'POST /v1/forms': () => answer,
      'GET /v1/cursor': ({ query }) => ({
        body: { items: [query.after ?? '0'], next: String(Number(query.after ?? '0') + 1) },
      }),
      'GET /v1/page': ({ query }) => ({ body: items.slice(Number(query.page) * 2 - 2, Number(query.page) * 2) }),
      'GET /v1/offset': ({ query }) => ({ body: items.slice(Number(query.skip), Number(query.skip) + 2) }),
    },
  });
});
afterAll(() => simulator.close());
beforeEach(() => {
  answer = { body: { name: 'x' } };
});

function callOf(input: ActionCall['input'], timeoutMillis = 30_000): ActionCall {
  const config = { base_url: `${simulator.url}/` };
  const connection = {
    id: 'acme_1',
    config,
    secrets: { token: TOKEN },
    network: 'lab',
    allowedHosts: allowedHostsOf(manifest, config),
    simulated: true,
  } as const;
  const http = createEgress({ connection, connector: 'Acme', limits: { timeoutMillis } });
  return { input, connection, http, signal: new AbortController().signal, clock: systemClock, key: 'key-1' };
}

async function failureOf(action: string, input: ActionCall['input'] = { id: '1', name: 'n' }): Promise<ConnectorError> {
  const error = await acme.perform(action, callOf(input, 1_000)).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!isConnectorError(error)) throw new Error(`expected a connector error, got ${String(error)}`);
  return error;
}

describe('a declarative request', () => {
  it('puts values into path, query and headers', async () => {
    await acme.perform('get_thing', callOf({ id: 'a b/c?d#e%', note: 'ä&=' }));
    const received = simulator.journal.at(-1);
    expect(received?.path.split('/').map(decodeURIComponent)).toEqual(['', 'v1', 'things', 'a b/c?d#e%', 'detail']);
    expect(received?.query).toMatchObject({ note: 'ä&=', n: '3' });
    expect(received?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('leaves out what is null', async () => {
    await acme.perform('get_thing', callOf({ id: '1' }));
    expect(Object.keys(simulator.journal.at(-1)?.query ?? {})).toEqual(['tags', 'n']);
    await acme.perform('put_thing', callOf({ name: 'n' }));
    expect(simulator.journal.at(-1)?.body).toEqual({ name: 'n', count: 2 });
  });

  it('sends the idempotency key', async () => {
    await acme.perform('put_thing', callOf({ name: 'n' }));
    expect(simulator.journal.at(-1)?.headers['idempotency-key']).toBe('key-1');
  });

  it('sends a form', async () => {
    await acme.perform('send_form', callOf({ text: 'a=b&c' }));
    expect(simulator.journal.at(-1)?.body).toEqual({ text: 'a=b&c', n: '1' });
  });

  it.each(['.', '..', ''])('refuses "%s" as a piece of a path, and sends nothing', async (id) => {
    const before = simulator.journal.length;
    const error = await failureOf('get_thing', { id });
    expect([error.reason, error.performed, simulator.journal.length]).toEqual(['invalid_request', 'no', before]);
  });

  it('never evaluates what an input holds', async () => {
    const name = `$${'{{ secret.token }}'}`;
    await acme.perform('put_thing', callOf({ name }));
    expect(simulator.journal.at(-1)?.body).toMatchObject({ name });
  });
});

describe('the answer to a declarative request', () => {
  it('becomes the result', async () => {
    expect(await acme.perform('get_thing', callOf({ id: '1' }))).toEqual({ name: 'x' });
  });

  it.each([
    [400, 'invalid_request', 'no'],
    [401, 'unauthorized', 'no'],
    [403, 'forbidden', 'no'],
    [404, 'not_found', 'no'],
    [408, 'timeout', 'maybe'],
    [409, 'conflict', 'no'],
    [418, 'invalid_request', 'no'],
    [429, 'rate_limited', 'no'],
    [500, 'unavailable', 'maybe'],
    [503, 'unavailable', 'maybe'],
    [302, 'bad_response', 'no'],
  ] as const)('with status %i means %s, performed: %s', async (status, reason, performed) => {
    answer = { status, body: { error: { message: 'the words' } } };
    const error = await failureOf('put_thing');
    expect([error.code, error.performed]).toEqual([`connector.${reason}`, performed]);
    if (status >= 400) expect(error.message).toContain(`HTTP ${status}, the words`);
  });

  it('is explained by the first mapping that applies', async () => {
    answer = { body: { ok: false, error: 'slow_down' } };
    expect((await failureOf('put_thing')).reason).toBe('rate_limited');
    answer = { body: { ok: false, error: 'name_taken' } };
    const error = await failureOf('put_thing');
    expect([error.reason, error.performed]).toEqual(['invalid_request', 'no']);
    expect(error.message).toContain('name_taken');
    answer = { status: 404, text: '<html>' };
    expect((await failureOf('get_thing')).message).toContain('no such thing');
  });

  it.each([
    ['30', 30_000],
    ['soon', undefined],
  ])('names the wait of Retry-After: %s', async (value, wait) => {
    answer = { status: 429, headers: { 'retry-after': value } };
    expect((await failureOf('put_thing')).retryAfter).toBe(wait);
  });

  it('names the wait until the date of Retry-After', async () => {
    const date = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000;
    answer = { status: 429, headers: { 'retry-after': new Date(date).toUTCString() } };
    const asked = Date.now();
    const { retryAfter = 0 } = await failureOf('put_thing');
    expect(retryAfter).toBeLessThanOrEqual(date - asked);
    expect(retryAfter).toBeGreaterThanOrEqual(date - Date.now());
  });

  it('that is not JSON, or is not what was expected, is a bad response that may have been performed', async () => {
    for (const bad of [
      { text: '<html>sign in' },
      { text: '' },
      { body: { other: 1 } },
      { body: { name: 7 } },
      { text: '['.repeat(100) },
    ]) {
      answer = bad;
      const error = await failureOf('get_thing');
      expect([bad, error.reason, error.performed]).toEqual([bad, 'bad_response', 'maybe']);
    }
  });

  it('shows control characters of the vendor escaped, and bounds its words', async () => {
    answer = { status: 400, body: { message: `\u001b[31m${'x'.repeat(5_000)}` } };
    const { message } = await failureOf('put_thing');
    expect(message).toContain('\\u001b');
    expect(message.length).toBeLessThan(500);
  });
});

describe('an action that asks first', () => {
  it('sees what was there before', async () => {
    simulator.inject({ body: { name: 'old' } });
    answer = { body: { name: 'new' } };
    const output = await acme.perform('replace_thing', callOf({ id: '1', name: 'new' }));
    expect(output).toEqual({ was: 'old', is: 'new' });
  });

  it('has surely performed nothing when the question failed, and maybe when the action did', async () => {
    simulator.inject('reset');
    const before = simulator.journal.length;
    expect(await failureOf('replace_thing')).toMatchObject({ reason: 'unavailable', performed: 'no' });
    expect(simulator.journal.length).toBe(before + 1);
    simulator.inject({ body: { name: 'old' } });
    simulator.inject('reset');
    expect(await failureOf('replace_thing')).toMatchObject({ reason: 'unavailable', performed: 'maybe' });
  });
});

describe('a status that the action accepts', () => {
  it('is an answer, unless it cannot be read', async () => {
    answer = { status: 404, body: {} };
    expect(await acme.perform('find_thing', callOf({ id: '1' }))).toEqual({ found: false });
    answer = { status: 404, text: '<html>' };
    expect((await failureOf('find_thing')).reason).toBe('bad_response');
    answer = { status: 410, body: {} };
    expect((await failureOf('find_thing')).reason).toBe('not_found');
  });
});

describe('secrets in errors', () => {
  it('are removed when the vendor repeats them, in any encoding', async () => {
    for (const form of [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('base64')]) {
      answer = { status: 401, body: { message: `bad token ${form}` } };
      const error = await failureOf('put_thing');
      expect(JSON.stringify([error.message, error.stack, error.details])).not.toContain(form);
    }
  });

  it('do not appear after time-outs, cuts, server errors and garbage', async () => {
    for (const fault of ['hang', 'reset', 'garbage', 'empty', { status: 500, text: TOKEN }] as const) {
      simulator.inject(fault);
      const error = await failureOf('get_thing');
      expect(JSON.stringify([error.message, error.stack, error.cause, error.details])).not.toContain('canary');
    }
  });
});

describe('paging', () => {
  it('follows a cursor up to the limit of pages', async () => {
    expect(await acme.perform('list_by_cursor', callOf({}))).toEqual(['0', '1', '2']);
  });

  it('counts pages until one is empty', async () => {
    expect(await acme.perform('list_by_page', callOf({}))).toEqual([1, 2, 3, 4, 5]);
  });

  it('skips by offset until a page is short', async () => {
    expect(await acme.perform('list_by_offset', callOf({}))).toEqual({ count: 3 + 2 });
    expect(simulator.journal.at(-1)?.query.skip).toBe('4');
  });
});

describe('a connector', () => {
  it('suggests the nearest action for an unknown one', async () => {
    await expect(acme.perform('get_things', callOf({}))).rejects.toThrow('did you mean get_thing?');
    await expect(acme.perform('constructor', callOf({}))).rejects.toThrow('has no action constructor');
  });

  it('refuses handlers that do not match its actions', () => {
    const handler = () => Promise.resolve(null);
    expect(() => defineConnector({ manifest, handlers: { nothing: handler } })).toThrow('belongs to no action');
    expect(() => defineConnector({ manifest, handlers: { get_thing: handler } })).toThrow('both a request and');
    const { request: _request, ...codeAction } = manifest.actions.put_thing!;
    const code = { ...manifest, actions: { put_thing: codeAction } };
    expect(() => defineConnector({ manifest: code })).toThrow('neither a request nor a handler');
  });

  it('holds requests of one connection to the rate limit, and says how long to wait', async () => {
    const clock = manualClock();
    const limited = defineConnector({ manifest: { ...manifest, rate_limit: { requests: 2, per: '60s' } } });
    const call = { ...callOf({ name: 'n' }), clock };
    await limited.perform('put_thing', call);
    await limited.perform('put_thing', call);
    await expect(limited.perform('put_thing', call)).rejects.toMatchObject({
      reason: 'rate_limited',
      performed: 'no',
      retryAfter: 30_000,
    });
    const other = { ...call, connection: { ...call.connection, id: 'acme_2' } };
    await limited.perform('put_thing', other);
    clock.advance(25_000);
    const before = simulator.journal.length;
    const waiting = limited.perform('put_thing', call);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(simulator.journal.length).toBe(before);
    clock.advance(5_000);
    await waiting;
    expect(simulator.journal.length).toBe(before + 1);
  });

  it('reaches the hosts of its base URL, unless it names others', () => {
    expect(allowedHostsOf(manifest, { base_url: 'https://acme.example:8443/api' })).toEqual(['acme.example:8443']);
    const several = { ...manifest, allowed_hosts: '["a.example", config.extra]' };
    expect(allowedHostsOf(several, { extra: 'b.example' })).toEqual(['a.example', 'b.example']);
    expect(() => allowedHostsOf(manifest, { base_url: 'not a url' })).toThrow('the base URL cannot be read');
  });
});

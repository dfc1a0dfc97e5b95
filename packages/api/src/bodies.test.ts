import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem } from '@counterpoint/contracts';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, BODY_LIMIT, type Sent, type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
beforeAll(async () => {
  surface = await startSurface(createMemoryStore(), () => ({
    async whoami() {
      throw new TypeError('boom at /srv/secret/place.ts:12 with hunter2hunter2');
    },
  }));
});
afterAll(() => surface.close());
beforeEach(() => {
  surface.reached.length = 0;
});

const folder = mkdtempSync(join(tmpdir(), 'bodies-'));
afterAll(() => rmSync(folder, { recursive: true }));

function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
  const standard = { authorization: `Bearer ${surface.owner}`, 'content-type': 'application/json' };
  return surface.send({ method: 'POST', path: '/api/v1/ingest/try', headers: { ...standard, ...headers }, body });
}

function expectProblem({ status, headers, text }: Answer, wanted: number): string {
  expect(status, text).toBe(wanted);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  const body = problem.strict().parse(JSON.parse(text));
  expect(body.status).toBe(wanted);
  expect(body.type.endsWith(body.code)).toBe(true);
  expect(body.help).not.toBe('');
  expect(text).not.toMatch(/\bat .*[\w/]+\.[jt]s:\d+|node_modules|FST_|Error:/);
  return body.code;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('content types', () => {
  it('are read when they say JSON, whatever the case and with a charset', async () => {
    for (const type of ['application/json', 'APPLICATION/JSON', 'application/json; charset=utf-8']) {
      expectProblem(await post('{"text":"{}"}', { 'content-type': type }), 404);
    }
    expect(surface.reached).toEqual(['tryIngest', 'tryIngest', 'tryIngest']);
  });

  it('go through the same validator or are refused, with whatever white space they come', async () => {
    const types = [
      'application/json\t',
      'application/json ;',
      'application/json\t; charset=utf-8',
      'application/json , text/plain',
      '\tapplication/json',
      ' application/json',
      'application/json;\t',
    ];
    for (const type of types) {
      const { status } = await post('{"text":1,"surprise":2}', { 'content-type': type });
      expect([400, 415], `${JSON.stringify(type)} -> ${status}`).toContain(status);
    }
    expect(surface.reached).toEqual([]);
  });

  it('other than JSON are refused', async () => {
    const types = [
      'text/plain',
      'text/json',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json-patch+json',
      'application/jsonx',
      'application',
      '*/*',
      'x'.repeat(3_000),
    ];
    for (const type of types) {
      expect(expectProblem(await post('{"text":"{}"}', { 'content-type': type }), 415)).toBe(
        'api.media_type_unsupported',
      );
    }
    expect(surface.reached).toEqual([]);
  });
});

describe('bodies', () => {
  it('that name files of the server open none', async () => {
    const path = join(folder, 'planted.json');
    writeFileSync(path, '{"text":"{}"}');
    const past = new Date('2001-01-01T00:00:00Z');
    utimesSync(path, past, past);
    const bodies = [
      { files: { text: { filepath: path, mimetype: 'application/json' } } },
      { text: { path } },
      { text: { $ref: `file://${path}` } },
      { filepath: path },
      { __proto__: null, text: [`file://${path}`] },
    ];
    for (const body of bodies) {
      const sent = JSON.stringify(body);
      for (const type of ['application/json', 'multipart/form-data; boundary=x', 'application/x-ndjson']) {
        expect((await post(sent, { 'content-type': type })).status).toBeGreaterThanOrEqual(400);
      }
    }
    expect(surface.reached).toEqual([]);
    expect(statSync(path).atimeMs).toBe(past.getTime());
  });

  it('are read to the depth limit and no deeper', async () => {
    const deep = (depth: number) => `{"inputs":{"a":${nested(depth - 2)}}}`;
    const headers = { authorization: `Bearer ${surface.owner}`, 'content-type': 'application/json' };
    const send = (body: string) => surface.send({ method: 'POST', path: '/api/v1/playbooks/x/runs', headers, body });
    expectProblem(await send(deep(64)), 404);
    expect(expectProblem(await send(deep(65)), 400)).toBe('core.json_too_deep');
    expect(expectProblem(await send(nested(30_000)), 400)).toBe('core.json_too_deep');
    expect(surface.reached).toEqual(['startRun']);
  });

  it('over the limit are refused, whether they say how long they are or not', async () => {
    const big = JSON.stringify({ text: 'x'.repeat(BODY_LIMIT) });
    expect(expectProblem(await post(big), 413)).toBe('core.body_too_large');
    const chunked = await post(big, { 'transfer-encoding': 'chunked' });
    expect(expectProblem(chunked, 413)).toBe('core.body_too_large');
    expect(surface.reached).toEqual([]);
  });

  it('that are no JSON, no object, or not what the operation takes are refused with the place', async () => {
    expect(expectProblem(await post('{"text":'), 400)).toBe('core.json_invalid');
    expect(expectProblem(await post('{"text":"x",}'), 400)).toBe('core.json_invalid');
    for (const body of ['null', '7', '"text"', '[]', '{}', '{"text":7}', '', '{"text":"","more":1}']) {
      expect(expectProblem(await post(body), 400), body).toBe('api.request_invalid');
    }
    expect((await post('{"text":7}')).text).toContain('body.text: ');
    expect((await post('[]')).text).toContain('body: ');
    expect(surface.reached).toEqual([]);
  });

  it('cannot reach the prototype of anything', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const answer = await post(`{"text":"x","${key}":{"polluted":true}}`);
      expect(answer.status, `${key}: ${answer.text}`).toBe(400);
    }
    const headers = { authorization: `Bearer ${surface.owner}`, 'content-type': 'application/json' };
    const body = '{"inputs":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}';
    await surface.send({ method: 'POST', path: '/api/v1/playbooks/x/runs', headers, body });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('error answers', () => {
  const authorised = () => ({ authorization: `Bearer ${surface.owner}` });
  const cases: [string, () => Sent, number, string][] = [
    ['nobody', () => ({ path: '/api/v1/whoami' }), 401, 'identity.unauthenticated'],
    ['an unknown route', () => ({ path: '/api/v1/nope', headers: authorised() }), 404, 'api.route_unknown'],
    [
      'a wrong method',
      () => ({ method: 'DELETE', path: '/api/v1/runs', headers: authorised() }),
      404,
      'api.route_unknown',
    ],
    ['a thing that is not there', () => ({ path: '/api/v1/runs/x', headers: authorised() }), 404, 'api.not_found'],
    ['a wrong query', () => ({ path: '/api/v1/runs?limit=0', headers: authorised() }), 400, 'api.request_invalid'],
    ['an unknown query', () => ({ path: '/api/v1/runs?lmit=1', headers: authorised() }), 400, 'api.request_invalid'],
    [
      'a repeated query',
      () => ({ path: '/api/v1/runs?limit=1&limit=2', headers: authorised() }),
      400,
      'api.request_invalid',
    ],
    [
      'a path that is not well encoded',
      () => ({ path: '/api/v1/runs/%zz', headers: authorised() }),
      400,
      'api.request_invalid',
    ],
    ['an unknown source', () => ({ method: 'POST', path: '/hooks/x', body: '{}' }), 401, 'ingest.unauthenticated'],
    [
      'a wrong setup code',
      () => ({
        method: 'POST',
        path: '/api/v1/setup',
        headers: { 'content-type': 'application/json' },
        body: '{"code":"AAAA","name":"eve"}',
      }),
      404,
      'api.not_found',
    ],
  ];

  it.each(cases)('say what to do: %s', async (_what, sent, status, code) => {
    expect(expectProblem(await surface.send(sent()), status)).toBe(code);
  });

  it('refuse a path parameter that is too long', async () => {
    const answer = await surface.send({ path: `/api/v1/runs/${'x'.repeat(400)}`, headers: authorised() });
    expect([400, 404, 414]).toContain(answer.status);
    expectProblem(answer, answer.status);
  });

  it('keep a defect to themselves, with a reference to the log', async () => {
    const answer = await surface.send({ path: '/api/v1/whoami', headers: authorised() });
    expect(expectProblem(answer, 500)).toBe('core.internal');
    expect(answer.text).not.toMatch(/boom|hunter2|place\.ts/);
    expect(String(surface.defects.at(-1))).toContain('boom');
  });

  it('do not repeat a known secret', async () => {
    surface.redactor.add('hunter2hunter2');
    const answer = await surface.send({ path: '/api/v1/nope/hunter2hunter2', headers: authorised() });
    expectProblem(answer, 404);
    expect(answer.text).not.toContain('hunter2');
    expect(answer.text).toContain('[redacted]');
  });

  it('also answer what is no HTTP request in their own shape, and go on', async () => {
    const { hostname, port } = new URL(surface.url);
    const text = await new Promise<string>((resolve) => {
      let seen = '';
      const socket = connect(Number(port), hostname, () => socket.write('GET / HTTP/9.9\r\nbroken\r\n\r\n'));
      socket.on('data', (chunk) => {
        seen += chunk;
      });
      socket.on('close', () => resolve(seen));
      socket.on('error', () => resolve(seen));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).not.toMatch(/HPE_|node:|\.js:/);
    expectProblem(await surface.send({ path: '/api/v1/nope', headers: authorised() }), 404);
  });
});

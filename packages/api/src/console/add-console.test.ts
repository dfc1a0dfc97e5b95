import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { createRedactor, defaultLimits, manualClock } from '@counterpoint/core';
import { identityErrors } from '@counterpoint/identity';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../server.ts';
import { createGate } from '../session/gate.ts';
import { sendRaw } from '../testing/surface.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2_000))});`;

let root: string;
let dir: string;
let app: FastifyInstance;
let url: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'counterpoint-console-'));
  dir = join(root, 'dist');
  mkdirSync(join(dir, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), 'a secret');
  writeFileSync(
    join(dir, 'index.html'),
    '<meta name="csp-nonce" content="__CSP_NONCE__"><i nonce="__CSP_NONCE__">page</i>',
  );
  writeFileSync(join(dir, 'favicon.svg'), '<svg/>');
  writeFileSync(join(dir, '.built-from'), 'a hash');
  writeFileSync(join(dir, 'assets/main-abc.js'), SCRIPT);
  writeFileSync(join(dir, 'assets/main-abc.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(dir, 'assets/main-abc.js.gz'), gzipSync(SCRIPT));
  writeFileSync(join(dir, 'assets/plain-abc.css'), 'a{}');
  app = await createApi({
    handlers: undefined,
    gate: createGate({
      authenticate: async () => {
        throw identityErrors.unauthenticated();
      },
    }),
    consoleDir: dir,
    authorise: () => undefined,
    limits: defaultLimits,
    redactor: createRedactor(),
    clock: manualClock(),
    trustProxy: false,
    version: '0.0.0',
    onDefect: (_reference, thrown) => {
      throw thrown;
    },
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await app.close();
  rmSync(root, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  sendRaw(url, { method, path, headers });

describe('the console', () => {
  it.each(['/', '/runs', '/runs/0198-x?step=a.b', '/fabric', '/fabric/participants/sandbox', '/trace/ip:203.0.113.66'])(
    'is opened at %s',
    async (path) => {
      const answer = await get(path, HTML);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.text).toContain('page');
    },
  );

  it('may run its own scripts and nothing else, with a nonce of its own in each answer', async () => {
    const [one, other] = [await get('/', HTML), await get('/', HTML)];
    const policy = String(one.headers['content-security-policy']);
    const nonce = /'nonce-([\w-]{24})'/.exec(policy)?.[1] ?? 'none';
    expect(one.text.split(nonce)).toHaveLength(3);
    expect(one.text).not.toContain('__CSP_NONCE__');
    expect(other.text).not.toContain(nonce);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(one.headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is not given to programs, nor at addresses of theirs', async () => {
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      const answer = await get('/runs', headers as Record<string, string>);
      expect([answer.status, answer.headers['content-type']]).toEqual([401, 'application/problem+json']);
    }
    for (const path of [
      '/api/v1/nothing',
      '/api',
      '/API/v1/runs',
      '/hooks/x',
      '/pages/x',
      '/fabric/v1/services',
      '/metrics/x',
    ]) {
      expect((await get(path, HTML)).status, path).toBe(401);
    }
    expect((await get('/runs', HTML, 'POST')).status).toBe(401);
  });

  it('answers HEAD as GET, without a body', async () => {
    for (const path of ['/', '/assets/main-abc.js', '/favicon.svg']) {
      const answer = await get(path, HTML, 'HEAD');
      expect([answer.status, answer.text], path).toEqual([200, '']);
    }
  });

  it('says how it is built where it is not', async () => {
    rmSync(join(dir, 'index.html'));
    const answer = await get('/', HTML);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('npm run build:console');
    writeFileSync(join(dir, 'index.html'), 'built meanwhile');
    expect((await get('/', HTML)).text).toBe('built meanwhile');
  });
});

describe('the files of the console', () => {
  it('are kept by browsers for good, and come compressed to who takes that', async () => {
    const plain = await get('/assets/main-abc.js');
    expect(plain).toMatchObject({ status: 200, text: SCRIPT });
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript'),
      'x-content-type-options': 'nosniff',
    });
    for (const [coding, given] of [
      ['br', 'gzip, deflate, br'],
      ['gzip', 'gzip'],
    ] as const) {
      const answer = await get('/assets/main-abc.js', { 'accept-encoding': given });
      expect(answer.headers).toMatchObject({
        'content-encoding': coding,
        vary: expect.stringMatching(/accept-encoding/i),
      });
      expect(answer.headers['content-type']).toContain('javascript');
    }
    const packed = await fetch(`${url}/assets/main-abc.js`, { headers: { 'accept-encoding': 'br' } });
    expect(await packed.text()).toBe(SCRIPT);
    expect(brotliDecompressSync(brotliCompressSync(SCRIPT)).toString()).toBe(SCRIPT);
    expect((await get('/assets/plain-abc.css', { 'accept-encoding': 'br' })).text).toBe('a{}');
    for (const icon of ['/favicon.svg', '/favicon.ico']) {
      expect((await get(icon)).headers['content-type']).toContain('svg');
    }
  });

  it('that are not there are not found, whatever is asked for', async () => {
    for (const headers of [HTML, {}]) {
      expect((await get('/assets/old-abc.js', headers as Record<string, string>)).status).toBe(404);
    }
  });

  it.each([
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..\\..\\secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/%00main-abc.js',
    '/assets/main-abc.js%00.txt',
    '/assets//secret.txt',
    '/assets/....//secret.txt',
    '/assets/%252e%252e%252fsecret.txt',
    '/assets/',
    '/assets/.',
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/secret.txt',
    '/.built-from',
    '/%2ebuilt-from',
    '/assets/.built-from',
    '/index.html%2f..%2f..%2fsecret.txt',
    '//secret.txt',
    '/assets/link.txt/../../secret.txt',
  ])('lead to nothing outside of them: %s', async (path) => {
    symlinkSync(join(root, 'secret.txt'), join(root, 'link.txt'));
    for (const headers of [{}, HTML]) {
      const answer = await get(path, headers as Record<string, string>);
      expect(answer.text).not.toContain('a secret');
      expect(answer.text).not.toContain('a hash');
      expect(answer.status === 200 ? answer.text : '').not.toContain('secret');
    }
  });
});

import { createRedactor, defaultLimits, manualClock } from '@counterpoint/core';
import type { PageTrigger, StartRequest } from '@counterpoint/engine';
import { identityErrors, type Principal, type SessionUse } from '@counterpoint/identity';
import { compilePlaybook } from '@counterpoint/playbook';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../server.ts';
import { createGate } from '../session/gate.ts';
import { addPages } from './pages.ts';

const playbook = (access: string) => `kind: playbook/v1
id: report
title: Report a <suspicious> message
on:
  - page: report
    public: ${access}
    form:
      sender: { type: string, format: email, title: Who sent it? }
      urgent: { type: boolean, default: false }
      count: { type: integer, minimum: 1, required: false }
      kind: { type: string, enum: [mail, chat], description: "Where it <came>" }
steps: [{ id: a, set: { x: 1 } }]
`;

let app: FastifyInstance;
let started: StartRequest[];
const ada = { ref: 'token:t1', userId: 'u1', permissions: new Set(['playbook:run']) } as unknown as Principal;

async function serve(access = 'true'): Promise<void> {
  started = [];
  const { plan, findings } = compilePlaybook(playbook(access));
  if (!plan) throw new Error(JSON.stringify(findings));
  const trigger = plan.triggers[0] as PageTrigger;
  const authenticate = async (header: string | undefined) => {
    if (header !== 'Bearer good') throw identityErrors.token_invalid();
    return ada;
  };
  const sessions = {
    use: async (secret: string) => {
      if (secret !== 'good') throw identityErrors.session_ended();
      return { principal: { ...ada, ref: 'user:u1' }, csrf: 'proof' } as SessionUse;
    },
  };
  const gate = createGate({ authenticate, sessions, cookie: 'sid' });
  app = await createApi({
    handlers: undefined,
    gate,
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
  addPages(app, {
    engine: {
      async startRun(request) {
        started.push(request);
        return { run: 'run-1', existing: false };
      },
    },
    plans: {
      forPage: async (path) =>
        path === 'report' ? { published: { plan, permissions: async () => new Set<string>() }, trigger } : undefined,
    },
    gate,
    authorise: () => undefined,
  });
  await app.ready();
}

beforeEach(() => serve());
afterEach(() => app.close());

const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/pages/report',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
const good = {
  sender: 'eve@example.com',
  kind: 'mail',
  count: '3',
  submission: '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000',
};

describe('pages', () => {
  it('show the form without script, everything escaped, and let browsers do nothing else', async () => {
    const answer = await app.inject({ url: '/pages/report' });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('<h1>Report a &lt;suspicious&gt; message</h1>');
    expect(answer.body).toContain('<label for="f-sender">Who sent it? *</label>');
    expect(answer.body).toContain('aria-describedby="f-kind-hint"');
    expect(answer.body).toContain('Where it &lt;came&gt;');
    expect(answer.body).not.toContain('<script');
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action/,
    );
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });

  it('start a run with what was entered, as data of the form', async () => {
    const answer = await post(good);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('run-1');
    expect(started).toMatchObject([
      {
        playbook: 'report',
        trigger: { kind: 'page', id: 'page:report', key: good.submission },
        event: { sender: 'eve@example.com', urgent: false, count: 3, kind: 'mail' },
        causality: { principal: 'page:report' },
      },
    ]);
  });

  it('show what is wrong beside the field, keep what was entered, and start nothing', async () => {
    const answer = await post({ ...good, sender: '"><script>', kind: 'fax', count: '0' });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toMatch(/id="f-sender-wrong"/);
    expect(answer.body).toMatch(/id="f-kind-wrong"/);
    expect(answer.body).toMatch(/id="f-count-wrong"/);
    expect(answer.body).not.toContain('<script');
    expect(answer.body).toContain(good.submission);
    const missing = await post({ kind: 'mail' });
    expect(missing.body).toMatch(/id="f-sender-wrong"/);
    expect(started).toEqual([]);
  });

  it('refuse what comes from the page of somebody else', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      expect((await post(good, headers as Record<string, string>)).statusCode).toBe(403);
    }
    expect(started).toEqual([]);
    expect((await post(good, { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80' })).statusCode).toBe(200);
  });

  it('refuse other content, large forms, and too many', async () => {
    expect((await app.inject({ method: 'POST', url: '/pages/report', payload: { sender: 'x' } })).statusCode).toBe(415);
    expect((await post({ ...good, sender: 'x'.repeat(70_000) })).statusCode).toBe(413);
    const answers = await Promise.all(Array.from({ length: 25 }, () => post(good)));
    expect(answers.filter(({ statusCode }) => statusCode === 429).length).toBeGreaterThanOrEqual(5);
  });

  it('are unknown unless a playbook that is published has them', async () => {
    expect((await app.inject({ url: '/pages/other' })).statusCode).toBe(404);
  });

  it('ask for a token when they are not public', async () => {
    await app.close();
    await serve('false');
    expect((await app.inject({ url: '/pages/report' })).body).toContain('type="password"');
    expect((await post(good)).statusCode).toBe(401);
    expect((await post({ ...good, access_token: 'bad' })).statusCode).toBe(401);
    expect(started).toEqual([]);
    expect((await post({ ...good, access_token: 'good' })).statusCode).toBe(200);
    expect(started).toMatchObject([{ causality: { principal: 'token:t1' } }]);
  });

  it('take the session of who is signed in, and what proves that this page sends it', async () => {
    await app.close();
    await serve('false');
    const cookie = { cookie: 'sid=good' };
    const shown = (await app.inject({ url: '/pages/report', headers: cookie })).body;
    expect(shown).toContain('value="proof"');
    expect(shown).not.toContain('type="password"');
    const site = { ...cookie, 'sec-fetch-site': 'same-origin' };
    expect((await post({ ...good, csrf: 'proof' }, site)).statusCode).toBe(200);
    expect(started).toMatchObject([{ causality: { principal: 'user:u1' } }]);
    expect((await post({ ...good, csrf: 'other' }, site)).statusCode).toBe(403);
    expect((await post(good, site)).statusCode).toBe(401);
    expect((await post({ ...good, csrf: 'proof' }, { ...cookie, 'sec-fetch-site': 'same-site' })).statusCode).toBe(403);
    expect((await post({ ...good, csrf: 'proof' }, { cookie: 'sid=bad' })).statusCode).toBe(401);
    expect(started).toHaveLength(1);
  });
});

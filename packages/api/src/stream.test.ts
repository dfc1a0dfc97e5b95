import { connect, type Socket } from 'node:net';
import { type Change, type RunWrite, type TokenRow, UNHANDLED } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { createTokens, ROLES } from '@counterpoint/identity';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noticesOf } from './stream.ts';
import { type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
const sockets: Socket[] = [];
beforeEach(async () => {
  surface = await startSurface(createMemoryStore());
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await surface.close();
});

/** A client that reads the stream by hand, so that it can also stop reading. */
function listen(token: string, query = ''): { socket: Socket; text: () => string; closed: Promise<void> } {
  const { hostname, port } = new URL(surface.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.write(`GET /api/v1/stream${query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, text: () => text, closed };
}

const until = (holds: () => boolean) => expect.poll(holds, { interval: 5 }).toBe(true);

const TRACE = '5'.repeat(32);
const causality = { principal: 'user:ada', trace: '0'.repeat(32), cause: '', hop: 0 };

function run(id: string): RunWrite {
  return { op: 'create', row: aRun(id, { inputs: { secret: 'not for the stream' } }) };
}

const change = (...ids: string[]): Change => ({ runs: ids.map(run) });

describe('the event stream', () => {
  it('tells of a run only after the commit that made it, in order, without its inputs', async () => {
    const client = listen(surface.owner);
    await until(() => client.text().includes(': connected'));
    await surface.store.commit(change('run-1', 'run-2'));
    expect(await surface.store.get('runs', 'run-1')).toBeDefined();
    await surface.store.commit(change('run-3'));
    await until(() => client.text().includes('run-3'));
    const ids = [...client.text().matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').id);
    expect(ids).toEqual(['run-1', 'run-2', 'run-3']);
    expect(client.text()).not.toContain('not for the stream');
  });

  it('tells no secret, whatever tells of it', async () => {
    const client = listen(surface.owner);
    await until(() => client.text().includes(': connected'));
    surface.redactor.add('hunter2-correct-horse');
    await surface.store.commit(change('hunter2-correct-horse'));
    await until(() => client.text().includes('event: run'));
    expect(client.text()).toContain('"id":"[redacted]"');
    expect(client.text()).not.toContain('hunter2');
  });

  it('is read so many times at once by one person, whichever token is used, and again once one is closed', async () => {
    const viewer = await surface.tokenWith(['run:read']);
    const open = Array.from({ length: 64 }, (_, index) => listen(index % 2 === 0 ? viewer : surface.owner));
    await until(() => open.every((client) => client.text().includes(': connected')));
    const path = '/api/v1/stream';
    const refused = await surface.send({ path, headers: { authorization: `Bearer ${viewer}` } });
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([429, 'api.too_many_streams']);
    open[0]?.socket.destroy();
    const again: ReturnType<typeof listen>[] = [];
    await until(() => {
      if (again.at(-1)?.text().includes('429') ?? true) again.push(listen(viewer));
      return again.some((client) => client.text().includes(': connected'));
    });
  });

  it('carries what every answer does, and that no proxy holds it back', async () => {
    const client = listen(surface.owner);
    await until(() => client.text().includes(': connected'));
    for (const header of [
      'cache-control: no-store',
      'cross-origin-resource-policy: same-origin',
      'x-content-type-options: nosniff',
      'x-accel-buffering: no',
      "content-security-policy: default-src 'none'",
    ]) {
      expect(client.text()).toContain(header);
    }
  });

  it('tells nothing of what was refused', async () => {
    const client = listen(surface.owner);
    await until(() => client.text().includes(': connected'));
    await surface.store.commit(change('run-1'));
    await expect(surface.store.commit(change('run-2', 'run-1'))).rejects.toThrow();
    await surface.store.commit(change('run-3'));
    await until(() => client.text().includes('run-3'));
    expect(client.text()).not.toContain('run-2');
  });

  it('drops a reader that does not keep up, and the others go on', async () => {
    const slow = listen(surface.owner);
    const quick = listen(surface.owner);
    await until(() => slow.text().includes(': connected') && quick.text().includes(': connected'));
    slow.socket.pause();
    const server = surface.app.server;
    const connections = () =>
      new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
    expect(await connections()).toBe(2);
    const long = 'x'.repeat(60_000);
    for (let at = 0; at < 400 && (await connections()) === 2; at++) {
      await surface.store.commit(change(`run-${at}-${long}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await connections()).toBe(1);
    await surface.store.commit(change('run-last'));
    await until(() => quick.text().includes('run-last'));
  });

  it('tells only what the token may read', async () => {
    const client = listen(await surface.tokenWith(['case:read']));
    await until(() => client.text().includes(': connected'));
    await surface.store.commit(change('run-1'));
    const row = { ...causality, id: 'case-1', title: 'A case', status: 'open', severity: 4, owner: null } as const;
    const times = { ...UNHANDLED, created_at: 1, updated_at: 1, closed_at: null, rev: 1 } as const;
    const opened = { ...row, ...times, summary: '', verdict: 'unknown', simulated: false } as const;
    await surface.store.commit({ rows: [{ op: 'insert', table: 'cases', row: opened }] });
    await until(() => client.text().includes('case-1'));
    expect(client.text()).not.toContain('run-1');
  });

  it('ends when the token was revoked', async () => {
    const client = listen(await surface.tokenWith(['run:read']));
    await until(() => client.text().includes(': connected'));
    const [token] = (await surface.store.find('tokens', {})).filter(({ permissions }) => permissions.length === 1);
    const revoked = { ...(token as TokenRow), revoked_at: 1, rev: (token?.rev ?? 0) + 1 };
    await surface.store.commit({ rows: [{ op: 'update', table: 'tokens', row: revoked }] });
    await client.closed;
  });

  it('ends at the next beat when an end was not told of', async () => {
    const { text } = await createTokens(surface.store, surface.clock).create(
      { ref: 'user:ada', userId: (await surface.store.find('users', {}))[0]?.id ?? '', permissions: ROLES.owner },
      { title: 'short', permissions: ['run:read'], expiresAt: surface.clock.now() + 10_000 },
      '0'.repeat(32),
    );
    const client = listen(text);
    await until(() => client.text().includes(': connected'));
    surface.clock.advance(15_000);
    await client.closed;
  });

  it('forgets a reader that left', async () => {
    const client = listen(surface.owner);
    await until(() => client.text().includes(': connected'));
    client.socket.destroy();
    await client.closed;
    await surface.store.commit(change('run-1'));
    await surface.store.commit(change('run-2'));
    expect(surface.defects).toEqual([]);
  });

  it('beats, so that proxies keep it open', async () => {
    const client = listen(surface.owner);
    await until(() => client.text().includes(': connected'));
    surface.clock.advance(15_000);
    await until(() => client.text().includes(': still here'));
  });

  it('is refused without a token', async () => {
    for (const token of ['', 'cpt_wrong']) {
      const client = listen(token);
      await until(() => client.text().includes('\r\n\r\n'));
      expect(client.text()).toMatch(/^HTTP\/1\.1 401 /);
    }
  });
});

describe('noticesOf', () => {
  it('leaves out what nobody watches', () => {
    expect(noticesOf({})).toEqual([]);
    expect(noticesOf({ runs: [run('r')] })).toHaveLength(1);
    const setting = { op: 'insert', table: 'settings', row: { id: 'x', value: 'y', rev: 1 } } as const;
    expect(noticesOf({ rows: [setting] })).toEqual([]);
  });

  it('tells of the fabric whoever may read it', async () => {
    const reader = listen(await surface.tokenWith(['fabric:read']));
    const other = listen(await surface.tokenWith(['run:read']));
    await until(() => reader.text().includes(': connected') && other.text().includes(': connected'));
    const what = {
      topic: 'a.b.v1',
      subject: 's',
      reason: 'rate',
      run: '',
      would: null,
      judged: '' as const,
      expires_at: null,
    };
    const outcome = { ...what, id: 'o-1', reaction: 'r', version: 'v', event: 'e', outcome: 'held', at: 1 } as const;
    const delivery = {
      consumer: 'c',
      event: 'e',
      topic: 'a.b.v1',
      subject: 's',
      position: 1,
      attempts: 10,
      next_at: 1,
    };
    await surface.store.commit({
      rows: [
        { op: 'insert', table: 'reaction_events', row: { ...outcome, trace: TRACE, rev: 1 } },
        { op: 'insert', table: 'breakers', row: { id: 'r', state: 'open', reason: 'many', at: 1, item: 'i', rev: 1 } },
        { op: 'insert', table: 'deliveries', row: { ...delivery, id: 'd-1', state: 'retry', error: 'no', at: 1 } },
        { op: 'insert', table: 'deliveries', row: { ...delivery, id: 'd-2', state: 'dead', error: 'no', at: 1 } },
      ],
    });
    await surface.store.commit(change('run-1'));
    await until(() => reader.text().includes('d-2') && other.text().includes('run-1'));
    expect([...reader.text().matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual([
      'reaction',
      'storm',
      'delivery',
    ]);
    expect(reader.text()).not.toContain('d-1');
    expect([...other.text().matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual(['run']);
  });

  it('is narrowed to one trace, also for runs that began before', async () => {
    const old = run('run-old');
    await surface.store.commit({ runs: [old.op === 'create' ? { ...old, row: { ...old.row, trace: TRACE } } : old] });
    const client = listen(surface.owner, `?trace=${TRACE}`);
    await until(() => client.text().includes(': connected'));
    await surface.store.commit(change('run-of-others'));
    const set = { status: 'running' } as const;
    await surface.store.commit({ runs: [{ op: 'advance', id: 'run-old', epoch: 0, seq: 0, to: 0, set }] });
    await until(() => client.text().includes('run-old'));
    expect(client.text()).not.toContain('run-of-others');
  });

  it('is refused for what is no trace', async () => {
    const { status, text } = await surface.send({
      path: '/api/v1/stream?trace=x',
      headers: { authorization: `Bearer ${surface.owner}` },
    });
    expect([status, JSON.parse(text).code]).toEqual([400, 'api.request_invalid']);
  });
});

import { createMemoryStore, readStream } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Surface, startSurface } from '../testing/surface.ts';

let surface: Surface;
beforeEach(async () => {
  surface = await startSurface(createMemoryStore());
  surface.fabric.admit('sinkhole');
  surface.fabric.admit('proxy');
});
afterEach(() => surface.close());

async function call(id: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${surface.url}/fabric/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer cpp_${id}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, Record<string, unknown> | null> };
}

const offer = () => call('sinkhole', 'PUT', '/services/block_domain');
const invoke = (timeout = 30) =>
  call('proxy', 'POST', '/invoke/sinkhole.block_domain', { payload: { domain: 'evil.example' }, key: 'k1', timeout });
const nextRequest = async () => (await call('sinkhole', 'GET', '/requests/next?wait=30')).body.request;

describe('joining', () => {
  it('answers with rights and settings, and takes over what is declared', async () => {
    const { status, body } = await call('proxy', 'POST', '/join', { title: 'A proxy', publishes: ['verdict.>'] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ participant: 'proxy', rights: { publish: ['>'] }, settings: {}, heartbeat: 20 });
    expect(surface.fabric.participants.get('proxy')?.announced).toMatchObject({ publishes: ['verdict.>'] });
  });

  it('needs no body, and happens by itself where it is needed', async () => {
    expect((await call('proxy', 'POST', '/join')).status).toBe(200);
    await call('sinkhole', 'POST', '/heartbeat');
    expect([...surface.fabric.sessions.keys()]).toEqual(['proxy', 'sinkhole']);
    await call('sinkhole', 'POST', '/leave');
    expect([...surface.fabric.sessions.keys()]).toEqual(['proxy']);
  });

  it('refuses a declaration that is none', async () => {
    const refused = await call('proxy', 'POST', '/join', { title: 'x', publishs: ['a.b.v1'] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'fabric.declaration_invalid' } });
  });
});

describe('an offered action', () => {
  it('is asked and answered by polling', async () => {
    expect((await offer()).body).toMatchObject({ service: 'sinkhole.block_domain' });
    const answered = invoke();
    const request = await nextRequest();
    expect(request).toMatchObject({
      action: 'block_domain',
      payload: { domain: 'evil.example' },
      key: 'k1',
      timeout: 30,
    });
    await call('sinkhole', 'POST', `/requests/${request?.id}/answer`, { payload: { blocked: true } });
    expect(await answered).toEqual({ status: 200, body: { payload: { blocked: true } } });
  });

  it('is asked over a stream', async () => {
    await offer();
    const headers = { authorization: 'Bearer cpp_sinkhole' };
    const stream = await readStream(`${surface.url}/fabric/v1/requests`, headers);
    const answered = invoke();
    const message = await stream.next();
    expect(message).toMatchObject({ event: 'request', data: { action: 'block_domain' } });
    await call('sinkhole', 'POST', `/requests/${message?.data.id}/answer`, { error: 'no such zone' });
    expect(await answered).toMatchObject({ status: 502, body: { code: 'fabric.service_failed' } });
    stream.close();
  });

  it('that is not answered in time fails the caller, and a late answer is refused', async () => {
    await offer();
    const answered = invoke(5);
    const request = await nextRequest();
    surface.clock.advance(5_000);
    expect(await answered).toMatchObject({ status: 504, body: { code: 'fabric.service_timeout' } });
    const late = await call('sinkhole', 'POST', `/requests/${request?.id}/answer`, { payload: 1 });
    expect(late).toMatchObject({ status: 410, body: { code: 'api.request_closed' } });
  });

  it('that nobody fetched in time was surely not done, and the caller is told so', async () => {
    await offer();
    const before = surface.clock.pending;
    const answered = invoke(5);
    await expect.poll(() => surface.clock.pending).toBeGreaterThan(before);
    surface.clock.advance(5_000);
    expect(await answered).toMatchObject({ body: { code: 'fabric.service_gone' } });
  });

  it('cannot be answered before it was fetched, nor twice, nor by somebody else', async () => {
    await offer();
    const answered = invoke();
    const request = await nextRequest();
    const answer = (id: string) => call(id, 'POST', `/requests/${request?.id}/answer`, { payload: 1 });
    expect((await answer('proxy')).status).toBe(410);
    expect([(await answer('sinkhole')).status, (await answer('sinkhole')).status]).toEqual([200, 410]);
    expect((await answered).status).toBe(200);
  });

  it('is lost when its participant leaves with it, and gone when it had not been fetched', async () => {
    await offer();
    const taken = invoke();
    await nextRequest();
    const before = surface.clock.pending;
    const waiting = invoke();
    await expect.poll(() => surface.clock.pending).toBeGreaterThan(before);
    await call('sinkhole', 'POST', '/leave');
    expect(await taken).toMatchObject({ body: { code: 'fabric.service_lost' } });
    expect(await waiting).toMatchObject({ body: { code: 'fabric.service_gone' } });
    expect((await call('proxy', 'GET', '/services')).body.services).toEqual([]);
  });

  it('is one instance, however often it is offered, until it is withdrawn', async () => {
    const [one, two] = [await offer(), await offer()];
    expect(one.body.instance).toBe(two.body.instance);
    expect((await call('proxy', 'GET', '/services')).body.services).toMatchObject([{ instances: 1 }]);
    expect((await call('sinkhole', 'DELETE', '/services/block_domain')).status).toBe(200);
    expect(await invoke()).toMatchObject({ status: 404 });
    expect(await call('sinkhole', 'DELETE', '/services/block_domain')).toMatchObject({ status: 404 });
  });

  it('brings its contract along', async () => {
    const contract = {
      title: 'Block a domain',
      description: 'Answers for the domain with the address of the sinkhole.',
      effect: 'read',
      input: { type: 'object', properties: { domain: { type: 'string' } } },
      output: { type: 'object', properties: {} },
      idempotent: true,
    };
    const { status, body } = await call('sinkhole', 'PUT', '/services/block_domain', contract);
    expect(status, JSON.stringify(body)).toBe(200);
    const offers = surface.fabric.participants.get('sinkhole')?.announced?.offers;
    expect(offers).toMatchObject({ block_domain: { title: 'Block a domain' } });
    expect(await call('sinkhole', 'PUT', '/services/other', { effect: 'everything' })).toMatchObject({ status: 422 });
  });
});

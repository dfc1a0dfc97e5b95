import type { Json } from '@counterpoint/core';
import { eventErrors, type ProcessCalls, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { errors } from '../errors.ts';
import { type Members, membersOn, says, session } from '../testing/members.ts';
import type { LocalInstance, ServiceRequest } from './service.ts';

type Wish = Parameters<typeof membersOn>[1] & { readonly store?: Store };

const createMembers = ({ store = createMemoryStore(), ...wish }: Wish = {}) => membersOn(store, wish);

const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };
const ask = (service: string, more: Partial<ServiceRequest> = {}): ServiceRequest => ({
  ...{ service, payload: { domain: 'evil.example' }, key: 'k', timeout: 1_000, causality },
  ...more,
});

function instance(id: string, more: Partial<LocalInstance> = {}): LocalInstance & { readonly asked: ServiceRequest[] } {
  const asked: ServiceRequest[] = [];
  return {
    id,
    participant: 'dns',
    service: 'dns.is_blocked',
    topics: [],
    site: '',
    metadata: {},
    async call(request): Promise<Json> {
      asked.push(request);
      return { by: id };
    },
    ...more,
    asked,
  };
}

async function withDns(wish: Wish = {}): Promise<Members> {
  const members = await createMembers(wish);
  await members.let('dns');
  await members.participants.join('dns', session('1'), says('dns', { capabilities: {} }));
  return members;
}

describe('routing', () => {
  it('asks one instance for each request, in turn', async () => {
    const { services } = await withDns();
    await services.register(instance('a'));
    await services.register(instance('b'));
    const answers = [];
    for (let count = 0; count < 4; count++) answers.push(await services.invoke(ask('dns.is_blocked')));
    expect(answers).toEqual([{ by: 'a' }, { by: 'b' }, { by: 'a' }, { by: 'b' }]);
  });

  it('asks the nearest site first', async () => {
    const { services } = await withDns();
    await services.register(instance('far', { site: 'lima' }));
    await services.register(instance('near', { site: 'zurich' }));
    for (let count = 0; count < 3; count++) {
      expect(await services.invoke(ask('dns.is_blocked', { site: 'zurich' }))).toEqual({ by: 'near' });
    }
  });

  it('goes on to the next when one was gone before it took the request', async () => {
    const { services } = await withDns();
    const gone = async () => {
      throw errors.service_gone({ instance: 'a', service: 'dns.block_domain' });
    };
    const service = 'dns.block_domain';
    await services.register(instance('a', { call: gone, service }));
    await expect(services.invoke(ask(service))).rejects.toMatchObject({ code: 'fabric.service_unavailable' });
    await services.register(instance('b', { service }));
    expect(await services.invoke(ask(service))).toEqual({ by: 'b' });
  });

  it.each([
    ['is_blocked', 'fulfilled'],
    ['block_domain', 'rejected'],
  ])('after a lost answer of %s: %s, since only what reads may be asked twice', async (action, status) => {
    const { services } = await withDns();
    const service = `dns.${action}`;
    const lost = async () => {
      throw errors.service_lost({ instance: 'a', service });
    };
    const other = instance('b', { service });
    await services.register(instance('a', { call: lost, service }));
    await services.register(other);
    const [result] = await Promise.allSettled([services.invoke(ask(service))]);
    expect(result.status).toBe(status);
    expect(other.asked).toHaveLength(status === 'fulfilled' ? 1 : 0);
  });

  it('gives up when nobody answers in time, and tells the provider so', async () => {
    const { services, clock } = await withDns();
    let aborted = false;
    const call = (_request: ServiceRequest, signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise<never>(() => undefined);
    };
    await services.register(instance('a', { call, service: 'dns.block_domain' }));
    const asked = services.invoke(ask('dns.block_domain'));
    clock.advance(1_000);
    await expect(asked).rejects.toMatchObject({ code: 'fabric.service_timeout' });
    expect(aborted).toBe(true);
  });

  it('says whether a service is unknown or only away', async () => {
    const { services } = await withDns();
    await expect(services.invoke(ask('dns.is_blocked'))).rejects.toMatchObject({ code: 'fabric.service_unavailable' });
    await expect(services.invoke(ask('dns.is_bloked'))).rejects.toMatchObject({
      code: 'fabric.service_unknown',
      message: expect.stringContaining('did you mean dns.is_blocked'),
    });
  });
});

describe('the registry', () => {
  it('refuses what one may not offer, and the id of somebody else', async () => {
    const members = await withDns();
    await members.let('eve', { offer: ['eve.*'] });
    await members.services.register(instance('a'));
    await expect(members.services.register(instance('x', { participant: 'eve' }))).rejects.toMatchObject({
      code: 'fabric.offer_denied',
    });
    await expect(
      members.services.register(instance('a', { participant: 'eve', service: 'eve.steal' })),
    ).rejects.toMatchObject({ code: 'fabric.offer_denied' });
    expect(members.refusals.list('eve').map(({ kind }) => kind)).toEqual(['offer', 'offer']);
    expect(await members.services.invoke(ask('dns.is_blocked'))).toEqual({ by: 'a' });
  });

  it('forgets an instance that is not renewed, and keeps one that is', async () => {
    const { services, clock } = await withDns();
    const changes: string[] = [];
    services.onChanged(({ kind, instance: { id } }) => changes.push(`${kind} ${id}`));
    await services.register(instance('short', { ttl: 6_000 }));
    await services.register(instance('renewed', { ttl: 6_000 }));
    clock.advance(5_000);
    await services.register(instance('renewed', { ttl: 6_000 }));
    clock.advance(5_000);
    await Promise.resolve();
    expect(services.instances().map(({ id }) => id)).toEqual(['renewed']);
    expect(changes).toEqual(['registered short', 'registered renewed', 'withdrawn short']);
  });

  it('starts empty after a crash', async () => {
    const before = await withDns();
    await before.services.register(instance('a'));
    const after = await createMembers({ store: before.store });
    expect(after.services.instances()).toEqual([]);
    expect(await after.store.find('services', {})).toEqual([]);
  });

  it('finds an offer by the topic that it takes requests on over OpenDXL', async () => {
    const members = await createMembers();
    await members.let('tie');
    const look = {
      title: 'Look',
      effect: 'read',
      idempotent: true,
      dxl: '/opendxl-tie/file',
      input: { type: 'object' },
      output: { type: 'object' },
    };
    await members.participants.join('tie', session('1'), says('tie', { offers: { look } }));
    const over = instance('guid', { participant: 'tie', service: 'dxl./opendxl-tie', topics: ['/opendxl-tie/file'] });
    await members.services.register(over);
    expect(await members.services.invoke(ask('tie.look'))).toEqual({ by: 'guid' });
    expect(over.asked[0]).toMatchObject({ topic: '/opendxl-tie/file', service: 'tie.look' });
  });
});

/** Processes of one program, that call each other as those on a bus do. */
function inMemoryCalls(): ProcessCalls {
  const serving = new Map<string, (request: Uint8Array) => Promise<Uint8Array>>();
  return {
    async serve(process, answer) {
      serving.set(process, answer);
      return async () => void serving.delete(process);
    },
    async call(process, request) {
      const answer = serving.get(process);
      if (!answer) throw eventErrors.process_absent({ process });
      return answer(request);
    },
  };
}

describe('instances in other processes', () => {
  it('are asked over the bus, with their errors', async () => {
    const calls = inMemoryCalls();
    const one = await withDns({ node: 'one', alone: false, calls });
    const failing = async () => {
      throw errors.service_failed(
        { service: 'dns.block_domain', reason: 'no such zone' },
        { details: { error: 'not_found' } },
      );
    };
    await one.services.register(instance('good'));
    await one.services.register(instance('bad', { service: 'dns.block_domain', call: failing }));
    const two = await createMembers({ store: one.store, node: 'two', alone: false, calls });
    expect(two.services.instances('dns.is_blocked')).toMatchObject([{ id: 'good', local: false }]);
    expect(await two.services.invoke(ask('dns.is_blocked'))).toEqual({ by: 'good' });
    await expect(two.services.invoke(ask('dns.block_domain'))).rejects.toMatchObject({
      code: 'fabric.service_failed',
      details: { error: 'not_found' },
    });
    await two.services.processGone('one');
    expect(two.services.instances()).toEqual([]);
  });

  it('that died with their process are passed over, also for what is not a read', async () => {
    const calls = inMemoryCalls();
    const one = await withDns({ node: 'one', alone: false, calls });
    const service = 'dns.block_domain';
    await one.services.register(instance('dead', { service }));
    const two = await createMembers({ store: one.store, node: 'two', alone: false, calls });
    const there = instance('there', { service });
    await two.services.register(there);
    await (await calls.serve('one', async () => new Uint8Array()))();
    for (const _ of [1, 2]) expect(await two.services.invoke(ask(service))).toEqual({ by: 'there' });
    await two.services.withdraw('there');
    await expect(two.services.invoke(ask(service))).rejects.toMatchObject({
      code: 'fabric.service_unavailable',
      message: expect.stringContaining('no instance took the request'),
    });
  });

  it('cannot be asked without a bus, and the error says so', async () => {
    const one = await withDns({ node: 'one', alone: false });
    await one.services.register(instance('good'));
    const two = await createMembers({ store: one.store, node: 'two', alone: false });
    await expect(two.services.invoke(ask('dns.is_blocked'))).rejects.toMatchObject({
      code: 'fabric.service_unavailable',
      message: expect.stringContaining('bus.url'),
    });
  });
});

describe('after a restart', () => {
  const turns = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  /** The server ended, and is there again before whoever offered something is. */
  const restarted = async (end: (members: Members) => Promise<void>) => {
    const before = await withDns();
    await before.services.register(instance('a', { service: 'dns.block_domain' }));
    await end(before);
    return createMembers({ store: before.store, clock: before.clock });
  };

  it.each([
    ['a crash', async () => undefined],
    ['an orderly stop', ({ services }: Members) => services.close()],
  ])('of %s, requests wait for those who are about to come back', async (_, end) => {
    const after = await restarted(end);
    expect(after.services.isLive('dns.block_domain')).toBe(true);
    const asked = after.services.invoke(ask('dns.block_domain', { timeout: 10_000 }));
    await turns();
    await after.participants.join('dns', session('2'), says('dns', { capabilities: {} }));
    await after.services.register(instance('b', { service: 'dns.block_domain' }));
    after.clock.advance(100);
    expect(await asked).toEqual({ by: 'b' });
  });

  it('nobody waits longer than the request may take, nor for those who never came', async () => {
    const after = await restarted(async () => undefined);
    const unavailable = { code: 'fabric.service_unavailable' };
    const asked = expect(after.services.invoke(ask('dns.block_domain'))).rejects.toMatchObject(unavailable);
    for (let step = 0; step < 30; step++) {
      after.clock.advance(50);
      await turns();
    }
    await asked;
    after.clock.advance(60_000);
    expect(after.services.isLive('dns.block_domain')).toBe(false);
    await expect(after.services.invoke(ask('dns.block_domain'))).rejects.toMatchObject(unavailable);
  });
});

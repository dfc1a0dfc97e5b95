import type { Connector } from '@counterpoint/connector-kit';
import { type JsonObject, systemClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { errors } from '../errors.ts';
import { BY, membersOn, says, session } from '../testing/members.ts';
import { keepOffers } from './offers.ts';
import type { ServiceRequest } from './service.ts';

type Wish = Parameters<typeof membersOn>[1] & { readonly store?: Store };

const createMembers = ({ store = createMemoryStore(), ...wish }: Wish = {}) => membersOn(store, wish);

async function withOffers(wish: Wish = {}) {
  const members = await createMembers(wish);
  const connectors = new Map<string, Connector>();
  let compiled = 0;
  const stop = await keepOffers({
    ...members,
    connectors,
    isShipped: (id) => id === 'fortigate',
    onChanged: () => {
      compiled += 1;
    },
  });
  return { ...members, connectors, stop, compiled: () => compiled };
}

describe('what participants offer', () => {
  it('is a connector as soon as they join', async () => {
    const { let: letIn, participants, connectors, compiled } = await withOffers();
    await letIn('dns');
    expect([...connectors.keys()]).toEqual(['fabric']);
    const before = compiled();
    await participants.join('dns', session('1'), says('dns'));
    expect([...connectors.keys()]).toEqual(['fabric', 'dns']);
    expect(compiled()).toBe(before + 1);
  });

  it('stays while they are away, and is available again when somebody answers', async () => {
    const { let: letIn, participants, services, connectors } = await withOffers();
    await letIn('dns');
    await participants.join('dns', session('1'), says('dns'));
    const dns = connectors.get('dns');
    expect(dns?.available?.('is_blocked')).toBe(false);
    await services.register({
      ...{ id: 'a', participant: 'dns', service: 'dns.is_blocked', topics: [], site: '', metadata: {} },
      call: async () => ({ blocked: true }),
    });
    expect(dns?.available?.('is_blocked')).toBe(true);
    await participants.leave('dns', '1', 'gone');
    expect(connectors.get('dns')?.available?.('is_blocked')).toBe(false);
    await participants.remove('dns', BY);
    expect(connectors.has('dns')).toBe(false);
  });

  it('never counts as trusted text, whatever is said when joining', async () => {
    const { let: letIn, participants, connectors } = await withOffers();
    await letIn('dns');
    const output = {
      type: 'object',
      properties: { name: { type: 'string', untrusted: false }, list: { type: 'array', items: { type: 'string' } } },
    };
    const look = { title: 'Look', effect: 'read', idempotent: true, input: { type: 'object' }, output };
    await participants.join('dns', session('1'), says('dns', { offers: { look } }));
    expect(connectors.get('dns')?.manifest.actions.look?.output).toMatchObject({
      properties: { name: { untrusted: true }, list: { items: { untrusted: true } } },
    });
  });

  it.each([
    ['a regular expression', { type: 'string', pattern: '^(a+)+$' }, 'output.pattern'],
    ['one for names', { type: 'object', patternProperties: { '^(a+)+$': {} } }, 'output.patternProperties'],
    [
      'itself, twice over',
      { allOf: [{ items: { $ref: '#' } }, { items: { $ref: '#' } }] },
      'output.allOf.0.items.$ref',
    ],
    ['a comparison of all items', { type: 'array', uniqueItems: true }, 'output.uniqueItems'],
    ['a check that is told later', { $async: true, type: 'object' }, '$async'],
  ])('is refused with %s in its schema: what is checked here keeps nobody waiting', async (_what, output, told) => {
    const { let: letIn, participants, connectors } = await withOffers();
    await letIn('dns');
    const look = { title: 'Look', effect: 'read', idempotent: true, input: { type: 'object' }, output } as const;
    const join = async () => participants.join('dns', session('1'), says('dns', { offers: { look } }));
    await expect(join()).rejects.toMatchObject({
      code: 'fabric.declaration_invalid',
      message: expect.stringContaining(told),
    });
    expect(connectors.has('dns')).toBe(false);
  });

  it('is held against the capabilities that it says it provides', async () => {
    const contracts = new Map([
      [
        'block_domain',
        { effect: 'contain', input: { type: 'object', properties: { fqdn: { type: 'string' } } }, output: {} } as const,
      ],
    ]);
    const { let: letIn, participants, connectors } = await withOffers({ contracts });
    await letIn('dns');
    const declaration = says('dns', { capabilities: { block_domain: 'block_domain' } });
    await expect(participants.join('dns', session('1'), declaration)).rejects.toMatchObject({
      code: 'fabric.declaration_invalid',
      message: expect.stringContaining('fqdn'),
    });
    expect(connectors.has('dns')).toBe(false);
  });
});

describe('the action of an offer', () => {
  const call = (input: JsonObject) => ({
    ...{ input, key: 'k', signal: new AbortController().signal, clock: systemClock },
    connection: { id: 'dns', config: {}, secrets: {}, network: 'private', allowedHosts: [], simulated: false } as const,
    http: { request: async () => Promise.reject(new Error('nothing goes out')) },
    origin: { principal: 'playbook:p', trace: 'b'.repeat(32), cause: 'run:1/a', hop: 2 },
  });

  it('is a request to the service, in the trace of whoever asks', async () => {
    const { let: letIn, participants, services, connectors } = await withOffers();
    await letIn('dns');
    await participants.join('dns', session('1'), says('dns'));
    const asked: ServiceRequest[] = [];
    await services.register({
      ...{ id: 'a', participant: 'dns', service: 'dns.is_blocked', topics: [], site: '', metadata: {} },
      async call(request) {
        asked.push(request);
        return { blocked: true };
      },
    });
    expect(await connectors.get('dns')?.perform('is_blocked', call({ domain: 'a.example' }))).toEqual({
      blocked: true,
    });
    expect(asked).toMatchObject([
      {
        payload: { domain: 'a.example' },
        causality: { trace: 'b'.repeat(32), principal: 'playbook:p', hop: 2 },
      },
    ]);
  });

  it.each([
    [
      'a refusal',
      errors.service_failed({ service: 's', reason: 'r' }, { details: { error: 'not_found' } }),
      'not_found',
      'no',
    ],
    ['any other error', errors.service_failed({ service: 's', reason: 'r' }), 'bad_response', 'maybe'],
    ['a lost answer', errors.service_lost({ service: 's', instance: 'a' }), 'unavailable', 'maybe'],
    ['nobody there', errors.service_gone({ service: 's', instance: 'a' }), 'unavailable', 'no'],
  ])('ends with what is known after %s', async (_what, error, reason, performed) => {
    const { let: letIn, participants, services, connectors } = await withOffers();
    await letIn('dns');
    await participants.join('dns', session('1'), says('dns'));
    await services.register({
      ...{ id: 'a', participant: 'dns', service: 'dns.block_domain', topics: [], site: '', metadata: {} },
      call: async () => Promise.reject(error),
    });
    const performing = connectors.get('dns')?.perform('block_domain', call({ domain: 'a.example' }));
    await expect(performing).rejects.toMatchObject({ reason, performed });
  });

  it('asks services without a contract only as what they are declared to be', async () => {
    const { let: letIn, participants, services, connectors } = await withOffers();
    await letIn('tie');
    await participants.join('tie', session('1'), says('tie', { offers: {}, reads: ['dxl./tie/look'] }));
    for (const service of ['dxl./tie/look', 'dxl./tie/set']) {
      await services.register({
        ...{ id: service, participant: 'tie', service, topics: [], site: '', metadata: {} },
        call: async () => 'done',
      });
    }
    const fabric = connectors.get('fabric');
    const ask = (action: string, service: string) => fabric?.perform(action, call({ service, timeout: '5s' }));
    expect(await ask('query', 'dxl./tie/look')).toEqual({ answer: 'done' });
    await expect(ask('query', 'dxl./tie/set')).rejects.toMatchObject({ reason: 'invalid_request', performed: 'no' });
    expect(await ask('invoke', 'dxl./tie/set')).toEqual({ answer: 'done' });
  });
});

import type { Json } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { errors } from '../errors.ts';
import { type Members, membersOn, says, session } from '../testing/members.ts';
import { testParticipant } from './test-participant.ts';

const PINGS = { offers: { ping: { title: 'Ping', effect: 'read', idempotent: true, input: {}, output: {} } } };

/** Somebody who joined and offers `ping`, answered by `call`. */
async function withPing(call: () => Promise<Json>, effect = 'read'): Promise<Members> {
  const members = await membersOn(createMemoryStore());
  await members.let('dns');
  const offers = { ping: { ...PINGS.offers.ping, effect } };
  await members.participants.join('dns', session('1'), says('dns', { offers, capabilities: {} }));
  const instance = { id: 'i', participant: 'dns', service: 'dns.ping', topics: [], site: '', metadata: {}, call };
  await members.services.register(instance);
  return members;
}

const testing = ({ participants, services, clock }: Members, id = 'dns', ping = async () => {}) =>
  testParticipant({ participants, services, clock, edge: { ping } }, id);

describe('the test of a participant', () => {
  it('has an answer where it offers a ping that reads', async () => {
    const members = await withPing(async () => ({}));
    expect(await testing(members)).toMatchObject({ outcome: 'answered', asked: 'dns.ping', error: undefined });
  });

  it('takes an error for an answer, and tells it', async () => {
    const failing = async () => {
      throw errors.service_failed({ service: 'dns.ping', reason: 'no idea' });
    };
    const test = await testing(await withPing(failing));
    expect(test).toMatchObject({ outcome: 'answered', error: { code: 'fabric.service_failed' } });
  });

  it('is over after a while without an answer', async () => {
    const members = await withPing(() => new Promise(() => {}));
    const test = testing(members);
    await members.clock.advance(10_000);
    expect(await test).toMatchObject({ outcome: 'silent', error: { code: 'fabric.service_timeout' } });
  });

  it('asks nothing that might do something: only what is declared as a read', async () => {
    let asked = 0;
    const effective = async () => {
      asked += 1;
      return {};
    };
    const members = await withPing(effective, 'notify');
    expect(await testing(members)).toMatchObject({ outcome: 'unasked', asked: '', millis: null });
    expect(asked).toBe(0);
  });

  it('tells when a connection that cannot be asked was heard of last', async () => {
    const members = await membersOn(createMemoryStore());
    await members.let('tool');
    const joined = members.clock.now();
    await members.participants.join('tool', session('web', { via: 'http' }));
    await members.participants.join('tool', session('plain', { heardAt: () => 77, silence: 90_000 }));
    await members.clock.advance(4_000);
    const { outcome, sessions } = await testing(members, 'tool');
    expect([outcome, sessions]).toEqual([
      'unasked',
      [
        { id: 'web', via: 'http', heardAt: joined, silence: 60_000 },
        { id: 'plain', via: 'mqtt', heardAt: 77, silence: 90_000 },
      ],
    ]);
  });

  it('asks an edge node by its own service', async () => {
    const members = await membersOn(createMemoryStore());
    const rights = { publish: [], subscribe: [], offer: [], invoke: [] };
    const by = { principal: 'user:ada', trace: 'a'.repeat(32) };
    await members.participants.create({ id: 'plant', title: 'Plant', kind: 'edge', site: 's', rights, trust: [] }, by);
    expect(await testing(members, 'plant')).toMatchObject({ outcome: 'away', millis: null });
    await members.participants.join('plant', session('1', { via: 'edge' }));
    const pinged: string[] = [];
    const ping = async (node: string) => void pinged.push(node);
    expect(await testing(members, 'plant', ping as () => Promise<void>)).toMatchObject({ outcome: 'answered' });
    expect(pinged).toEqual(['plant']);
  });

  it('is of somebody who is known', async () => {
    const members = await membersOn(createMemoryStore());
    await expect(testing(members, 'nobody')).rejects.toMatchObject({ code: 'fabric.participant_unknown' });
  });
});

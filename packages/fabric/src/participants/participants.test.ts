import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { BLOCKS, BY, membersOn, says, session } from '../testing/members.ts';
import { driftOf } from './drift.ts';
import { parseParticipant } from './parse-participant.ts';

type Wish = Parameters<typeof membersOn>[1] & { readonly store?: Store };

const createMembers = ({ store = createMemoryStore(), ...wish }: Wish = {}) => membersOn(store, wish);

const names = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

describe('tokens of participants', () => {
  it('prove who one is until they are revoked, and only their hash is kept', async () => {
    const { participants, store } = await createMembers();
    await participants.create(
      {
        id: 'edr',
        title: 'EDR',
        kind: 'token',
        site: '',
        rights: { publish: [], subscribe: [], offer: [], invoke: [] },
        trust: [],
      },
      BY,
    );
    const { id, token } = await participants.issueToken('edr', 'first', BY);
    expect(token).toMatch(/^cpp_[0-9a-f-]{36}_[\w-]{43}$/);
    expect((await participants.byToken(token)).id).toBe('edr');
    const row = await store.get('credentials', id);
    expect(JSON.stringify(row)).not.toContain(token.slice(-43));
    await participants.revoke(id, BY);
    await expect(participants.byToken(token)).rejects.toMatchObject({ code: 'fabric.participant_unauthenticated' });
  });

  it.each(['', 'cpp_', 'cpt_x', `cpp_00000000-0000-7000-8000-000000000000_${'A'.repeat(43)}`])(
    'refuses %s',
    async (token) => {
      const { participants } = await createMembers();
      await expect(participants.byToken(token)).rejects.toMatchObject({ code: 'fabric.participant_unauthenticated' });
    },
  );

  it('end when their time is over', async () => {
    const members = await createMembers();
    await members.let('edr');
    const { token } = await members.participants.issueToken('edr', 'short', BY, 1_000);
    members.clock.advance(1_001);
    await expect(members.participants.byToken(token)).rejects.toMatchObject({ status: 401 });
  });

  it('end the connections that they opened when their time is over, and no others', async () => {
    const members = await createMembers();
    await members.let('edr');
    const short = await members.participants.issueToken('edr', 'short', BY, 15_000);
    const long = await members.participants.issueToken('edr', 'long', BY);
    const [one, other] = [session('1', { credential: short.id }), session('2', { credential: long.id })];
    for (const open of [one, other]) await members.participants.join('edr', open);
    members.clock.advance(10_000);
    await new Promise(setImmediate);
    expect(one.closed).toEqual([]);
    members.clock.advance(10_000);
    await expect.poll(() => one.closed).toEqual(['its credential has ended']);
    expect(other.closed).toEqual([]);
  });

  it('are of no use once the participant is disabled', async () => {
    const members = await createMembers();
    await members.let('edr');
    const { token } = await members.participants.issueToken('edr', 'one', BY);
    await members.participants.update('edr', { enabled: false }, BY);
    await expect(members.participants.byToken(token)).rejects.toMatchObject({ code: 'fabric.participant_disabled' });
  });
});

describe('certificates of participants', () => {
  it('are known by their thumbprint, and say when they were revoked', async () => {
    const members = await createMembers();
    await members.let('tie');
    const thumbprint = 'ab'.repeat(20);
    const now = members.clock.now();
    const times = { notBefore: now - 1, notAfter: now + 60_000 };
    const certificate = { thumbprint, serial: '1', subject: 'CN=tie', pem: '', ...times };
    await members.participants.addCertificate('tie', certificate, BY);
    expect((await members.participants.byCertificate(thumbprint)).id).toBe('tie');
    const open = session('1', { via: 'dxl', credential: thumbprint });
    await members.participants.join('tie', open);
    await members.participants.revoke(thumbprint, BY);
    expect(open.closed).toEqual(['its credential was revoked']);
    await expect(members.participants.byCertificate(thumbprint)).rejects.toMatchObject({
      code: 'fabric.certificate_revoked',
    });
    expect(members.participants.get('tie')?.state).toBe('offline');
  });
});

describe('joining', () => {
  it('is announced once for several sessions, and leaving with the last of them', async () => {
    const members = await createMembers();
    await members.let('dns_sinkhole');
    const [first, second] = [session('1'), session('2')];
    await members.participants.join('dns_sinkhole', first, says('dns_sinkhole'));
    await members.participants.join('dns_sinkhole', second, says('dns_sinkhole'));
    expect(names(members.events)).toEqual(['fabric.participant_joined.v1']);
    expect(members.events[0]?.data).toMatchObject({
      participant: { id: 'dns_sinkhole', services: Object.keys(BLOCKS).map((action) => `dns_sinkhole.${action}`) },
    });
    await members.participants.leave('dns_sinkhole', '1', 'gone');
    expect(members.participants.get('dns_sinkhole')?.state).toBe('online');
    await members.participants.leave('dns_sinkhole', '2', 'gone');
    expect(names(members.events)).toEqual(['fabric.participant_joined.v1', 'fabric.participant_left.v1']);
    await members.participants.leave('dns_sinkhole', '2', 'gone');
    expect(members.events).toHaveLength(2);
  });

  it('is refused to whoever comes and goes all the time, and to nobody else', async () => {
    const members = await createMembers();
    await members.let('flapping');
    await members.let('calm');
    const flap = async () => {
      await members.participants.join('flapping', session('1'));
      await members.participants.leave('flapping', '1', 'again');
    };
    const results = [];
    for (let count = 0; count < 40; count++) results.push((await Promise.allSettled([flap()]))[0]?.status);
    expect(results.filter((status) => status === 'fulfilled')).toHaveLength(30);
    await expect(flap()).rejects.toMatchObject({ code: 'fabric.joins_too_often', retryable: true });
    await members.participants.join('calm', session('2'));
    members.clock.advance(1_000);
    await flap();
  });

  it('is refused to whoever says too much of itself again and again, and to nobody else', async () => {
    const { let: letIn, participants, clock } = await createMembers();
    const [loud, calm] = [await letIn('loud'), await letIn('calm')];
    const said = { description: 'x'.repeat(5_000), settings: { text: 'x'.repeat(200_000) } };
    const times = Array.from({ length: 12 }, () => Promise.try(() => participants.declare(loud, said)));
    const passed = (await Promise.allSettled(times)).filter(({ status }) => status === 'fulfilled');
    expect(passed).toHaveLength(10);
    const again = () => participants.declare(loud, said);
    expect(again).toThrow(expect.objectContaining({ code: 'fabric.declares_too_much', retryable: true }));
    participants.declare(calm, said);
    clock.advance(15_000);
    expect(again).not.toThrow();
  });

  it('is refused with offers that it has no right to, and for whom nobody knows', async () => {
    const members = await createMembers();
    await members.let('dns_sinkhole', { offer: ['dns_sinkhole.is_blocked'] });
    await expect(members.participants.join('dns_sinkhole', session('1'), says('dns_sinkhole'))).rejects.toMatchObject({
      code: 'fabric.offer_denied',
    });
    await expect(members.participants.join('dns_sinkholl', session('1'))).rejects.toMatchObject({
      code: 'fabric.participant_unknown',
      message: expect.stringContaining('did you mean dns_sinkhole'),
    });
    expect(members.events).toEqual([]);
  });

  it('ends for a session over HTTP of which nothing is heard for a minute', async () => {
    const members = await createMembers();
    await members.let('curl');
    const [silent, alive] = [session('silent', { via: 'http' }), session('alive', { via: 'http' })];
    await members.participants.join('curl', silent);
    await members.participants.join('curl', alive);
    for (let passed = 0; passed < 80_000; passed += 10_000) {
      members.clock.advance(10_000);
      members.participants.heard('curl', 'alive');
    }
    expect(silent.closed).toEqual(['nothing was heard of it']);
    expect(alive.closed).toEqual([]);
    expect(members.participants.get('curl')?.state).toBe('online');
  });

  it('is over for everybody after the server was started anew', async () => {
    const members = await createMembers();
    await members.let('edr');
    await members.participants.join('edr', session('1'));
    const again = await createMembers({ store: members.store });
    expect(again.participants.get('edr')?.state).toBe('offline');
    expect(names(again.events)).toEqual(['fabric.participant_left.v1']);
  });

  it('in another process counts until that process is gone', async () => {
    const one = await createMembers({ node: 'one', alone: false });
    await one.let('edr');
    const two = await createMembers({ store: one.store, node: 'two', alone: false });
    await one.participants.join('edr', session('1'));
    await two.participants.join('edr', session('2'));
    await one.participants.processGone('two');
    expect(one.participants.get('edr')?.state).toBe('online');
    await two.participants.processGone('one');
    expect(one.participants.get('edr')?.state).toBe('offline');
  });
});

describe('a credential that another process revoked', () => {
  it('ends the sessions that it was named for, and those that name none, once', async () => {
    const here = await createMembers({ node: 'here', alone: false });
    await here.let('edr');
    const one = await here.participants.issueToken('edr', 'one', BY);
    const two = await here.participants.issueToken('edr', 'two', BY);
    const there = await createMembers({ store: here.store, node: 'there', alone: false });
    const [http, named, other] = [
      session('1', { via: 'http' }),
      session('2', { credential: one.id }),
      session('3', { credential: two.id }),
    ];
    for (const open of [http, named, other]) await there.participants.join('edr', open);
    await there.participants.refresh();
    expect(http.closed).toEqual([]);
    await here.participants.revoke(one.id, BY);
    await there.participants.refresh();
    const why = 'its credential was revoked';
    expect([http.closed, named.closed, other.closed]).toEqual([[why], [why], []]);
    const again = session('4', { via: 'http' });
    await there.participants.join('edr', again);
    await there.participants.refresh();
    expect(again.closed).toEqual([]);
  });
});

describe('participants that people let in', () => {
  it.each([
    ['fortigate', 'fabric.participant_invalid'],
    ['Not A Name', 'fabric.participant_invalid'],
    ['edr', 'fabric.participant_exists'],
  ])('cannot be called %s: %s', async (id, code) => {
    const members = await createMembers();
    await members.let('edr');
    await expect(members.let(id)).rejects.toMatchObject({ code });
  });

  it('lose their sessions and credentials when they are removed', async () => {
    const members = await createMembers();
    await members.let('edr');
    const { token } = await members.participants.issueToken('edr', 'one', BY);
    const open = session('1');
    await members.participants.join('edr', open);
    await members.participants.remove('edr', BY);
    expect(open.closed).toEqual(['it was removed']);
    expect(members.participants.get('edr')).toBeUndefined();
    await expect(members.participants.byToken(token)).rejects.toMatchObject({ status: 401 });
    expect(names(members.events)).toEqual(['fabric.participant_joined.v1', 'fabric.participant_left.v1']);
  });
});

describe('participants that git declares', () => {
  const text = 'kind: participant/v1\nid: edr\ntitle: EDR\npublishes: [verdict.file.v1]\ntrust: [verdict.file.v1]\n';
  const declared = () => {
    const { participant } = parseParticipant(text);
    if (!participant) throw new Error('the example does not parse');
    return new Map([['edr', participant]]);
  };

  it('are created without credentials, with rights to what they declare', async () => {
    const { participants } = await createMembers({ declared: declared() });
    expect(participants.get('edr')).toMatchObject({
      rights: { publish: ['verdict.file.v1'], subscribe: [], offer: [], invoke: [] },
      trust: ['verdict.file.v1'],
      state: 'offline',
    });
    expect(await participants.credentials('edr')).toEqual([]);
  });

  it('keep the rights that git gives them, whatever was stored', async () => {
    const before = await createMembers();
    await before.let('edr', { publish: ['>'] });
    const { participants } = await createMembers({ store: before.store, declared: declared() });
    expect(participants.get('edr')?.rights.publish).toEqual(['verdict.file.v1']);
    await expect(participants.update('edr', { trust: ['>'] }, BY)).rejects.toMatchObject({
      code: 'fabric.participant_declared',
    });
    await expect(participants.remove('edr', BY)).rejects.toMatchObject({ code: 'fabric.participant_declared' });
  });

  it('show where what they say of themselves has drifted from it', async () => {
    const { participants } = await createMembers({ declared: declared() });
    await participants.join('edr', session('1'), {
      ...says('edr', { offers: {} }),
      title: 'EDR',
      publishes: ['verdict.file.v1', 'alert.created.v1'],
    });
    const edr = participants.get('edr');
    expect(edr && driftOf(edr)).toEqual([
      { field: 'publishes', declared: ['verdict.file.v1'], found: ['alert.created.v1', 'verdict.file.v1'] },
    ]);
  });

  it('stop the start when their name is a connector', async () => {
    const { participant } = parseParticipant(text.replace('id: edr', 'id: fortigate'));
    const taken = new Map(participant ? [['fortigate', participant]] : []);
    await expect(createMembers({ declared: taken })).rejects.toMatchObject({ code: 'fabric.participant_invalid' });
  });
});

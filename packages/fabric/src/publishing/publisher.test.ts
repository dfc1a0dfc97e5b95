import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { BY, membersOn } from '../testing/members.ts';

type Wish = Parameters<typeof membersOn>[1] & { readonly store?: Store };

const createMembers = ({ store = createMemoryStore(), ...wish }: Wish = {}) => membersOn(store, wish);

const VERDICT = { topic: 'verdict.file.v1', data: { sha256: 'abcd' } };

describe('publishing', () => {
  it('says who it was and keeps to the trace of the event that brought it about', async () => {
    const members = await createMembers();
    const sandbox = await members.let('sandbox');
    const mail = await members.let('mail');
    const first = await members.publisher.publish(mail, { topic: 'mqtt.mail.arrived', data: 'x' });
    const second = await members.publisher.publish(sandbox, { ...VERDICT, cause: first.id, subject: 'abcd' });
    expect(first).toMatchObject({ participant: 'mail', source: '/participants/mail', subject: 'mail', cause: '' });
    expect(second).toMatchObject({
      participant: 'sandbox',
      principal: 'participant:sandbox',
      trace: first.trace,
      cause: `event:${first.id}`,
      hop: first.hop + 1,
      subject: 'abcd',
    });
  });

  it('announces what comes twice under one id once, and ids of different participants do not meet', async () => {
    const members = await createMembers();
    const [one, two] = [await members.let('one'), await members.let('two')];
    const [first, again] = await Promise.all([
      members.publisher.publish(one, { ...VERDICT, id: '7' }),
      members.publisher.publish(one, { ...VERDICT, id: '7' }),
    ]);
    const other = await members.publisher.publish(two, { ...VERDICT, id: '7' });
    expect(again).toEqual(first);
    expect(other.id).not.toBe(first.id);
    expect(members.events).toHaveLength(2);
  });

  it('refuses another event under an id that was used, instead of losing it', async () => {
    const members = await createMembers();
    const one = await members.let('one');
    await members.publisher.publish(one, { ...VERDICT, id: '7' });
    const used = { code: 'fabric.event_id_used' };
    const other = { ...VERDICT, id: '7', data: { sha256: 'bbbb' } };
    await expect(members.publisher.publish(one, other)).rejects.toMatchObject(used);
    await expect(members.publisher.publish(one, { ...VERDICT, id: '7', subject: 'x' })).rejects.toMatchObject(used);
    expect(members.events).toHaveLength(1);
  });

  it.each([
    ['a topic without right', { topic: 'alert.created.v1', data: {} }, 'fabric.publish_denied'],
    ['a topic of the server', { topic: 'fabric.participant_left.v1', data: {} }, 'fabric.publish_denied'],
    ['data that break the schema', { topic: 'verdict.file.v1', data: { sha256: 1 } }, 'events.data_invalid'],
    ['a topic that nobody knows', { topic: 'verdict.fily.v1', data: {} }, 'events.topic_unknown'],
    ['too much at once', { topic: 'mqtt.a', data: 'x'.repeat(1024 * 1024) }, 'fabric.event_too_large'],
    ['a cause out of thin air', { ...VERDICT, cause: 'no-such-event' }, 'fabric.cause_unknown'],
  ])('refuses %s, and says so in the audit log and the counters', async (_what, publication, code) => {
    const members = await createMembers();
    const audit: string[] = [];
    members.store.onCommitted((change) => audit.push(...(change.audit ?? []).map(({ action }) => action)));
    const eve = await members.let('eve', { publish: ['verdict.>', 'mqtt.>', 'fabric.>'] });
    await expect(members.publisher.publish(eve, publication)).rejects.toMatchObject({ code });
    await expect(members.publisher.publish(eve, publication)).rejects.toMatchObject({ code });
    expect(members.refusals.list('eve')).toMatchObject([
      { kind: 'publish', subject: publication.topic, count: 2, code },
    ]);
    expect(audit.filter((action) => action === 'participant.publish_refused')).toHaveLength(1);
    expect(members.events).toEqual([]);
  });

  it('does not let anybody write itself into a trace that it could not know', async () => {
    const members = await createMembers();
    const [mail, eve] = [await members.let('mail'), await members.let('eve', { subscribe: [] })];
    const secret = await members.publisher.publish(mail, VERDICT);
    await expect(members.publisher.publish(eve, { ...VERDICT, cause: secret.id })).rejects.toMatchObject({
      code: 'fabric.cause_unknown',
    });
    const own = await members.publisher.publish(eve, VERDICT);
    expect((await members.publisher.publish(eve, { ...VERDICT, cause: own.id })).trace).toBe(own.trace);
  });

  it('slows down whoever floods, and nobody else', async () => {
    const limits = { eventsPerSecond: 10, burst: 20, eventBytes: 1024 };
    const members = await createMembers({ limits });
    const [flood, calm] = [await members.let('flood'), await members.let('calm')];
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => members.publisher.publish(flood, VERDICT)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'fabric.rate_exceeded', retryable: true },
    });
    await expect(members.publisher.publish(calm, VERDICT)).resolves.toBeDefined();
    members.clock.advance(1_000);
    await expect(members.publisher.publish(flood, VERDICT)).resolves.toBeDefined();
  });

  it('goes by the rights that a participant has now, not by those that it joined with', async () => {
    const members = await createMembers();
    const before = await members.let('edr');
    await members.participants.update('edr', { rights: { ...before.rights, publish: [] } }, BY);
    await expect(members.publisher.publish(before, VERDICT)).rejects.toMatchObject({ code: 'fabric.publish_denied' });
    await members.participants.remove('edr', BY);
    await expect(members.publisher.publish(before, VERDICT)).rejects.toMatchObject({
      code: 'fabric.participant_disabled',
    });
  });
});

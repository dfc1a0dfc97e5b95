import { isCounterpointError, type ManualClock, manualClock } from '@counterpoint/core';
import type { Store, UserRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSessions, pruneSessions, type Sessions } from './sessions.ts';

const TRACE = 'a'.repeat(32);
const MINUTE = 60_000;
const LIMITS = { idle: 60 * MINUTE, absolute: 12 * 60 * MINUTE };
const PLACE = { address: '127.0.0.1', userAgent: 'Firefox' };
const ada: UserRow = {
  id: 'u-ada',
  name: 'Ada',
  role: 'analyst',
  password_hash: 'x',
  disabled: false,
  created_at: 1,
  rev: 1,
};

let store: Store;
let clock: ManualClock;
let sessions: Sessions;
beforeEach(async () => {
  store = createMemoryStore();
  clock = manualClock();
  sessions = createSessions(store, clock, LIMITS);
  await store.commit({ rows: [{ op: 'insert', table: 'users', row: ada }] });
});

const code = (name: string) => expect.toSatisfy((error) => isCounterpointError(error, `identity.${name}`));

async function open(user: UserRow = ada) {
  const drafted = sessions.draft(user, PLACE, TRACE);
  await store.commit({ rows: [drafted.write], audit: [drafted.audit] });
  return drafted;
}

const updateUser = (change: Partial<UserRow>) =>
  store.commit({ rows: [{ op: 'update', table: 'users', row: { ...ada, ...change, rev: 2 } }] });

describe('a session', () => {
  it('speaks for its user with the rights of their role, and keeps only a hash of its secret', async () => {
    const { secret, id } = await open();
    const use = await sessions.use(secret);
    expect(use.principal.ref).toBe('user:u-ada');
    expect(use.principal.permissions.has('case:write')).toBe(true);
    expect(use.principal.permissions.has('settings:write')).toBe(false);
    expect(use).toMatchObject({ id, user: { name: 'Ada', role: 'analyst' }, endsAt: clock.now() + LIMITS.absolute });
    expect(JSON.stringify(await store.find('sessions', {}))).not.toContain(secret);
    expect(JSON.stringify(await store.find('audit', {}))).not.toContain(secret);
  });

  it('has a proof of its own for changes, which is not its secret and is the same each time', async () => {
    const [one, other] = [await open(), await open()];
    const { csrf } = await sessions.use(one.secret);
    expect((await sessions.use(one.secret)).csrf).toBe(csrf);
    expect((await sessions.use(other.secret)).csrf).not.toBe(csrf);
    expect(csrf).not.toContain(one.secret);
  });

  it('ends when it was not used for the idle limit, to the millisecond', async () => {
    const { secret } = await open();
    clock.advance(LIMITS.idle - 1);
    await sessions.use(secret);
    clock.advance(LIMITS.idle - 1);
    await sessions.use(secret);
    clock.advance(LIMITS.idle);
    await expect(sessions.use(secret)).rejects.toEqual(code('session_ended'));
  });

  it('stays with who uses it also where the idle limit is a minute', async () => {
    sessions = createSessions(store, clock, { ...LIMITS, idle: MINUTE });
    const { secret } = await open();
    for (let n = 0; n < 10; n += 1) {
      clock.advance(MINUTE / 2);
      await sessions.use(secret);
    }
    clock.advance(MINUTE);
    await expect(sessions.use(secret)).rejects.toEqual(code('session_ended'));
  });

  it('ends at its absolute limit, however busy it is', async () => {
    const { secret } = await open();
    for (let passed = 0; passed < LIMITS.absolute - 30 * MINUTE; passed += 30 * MINUTE) {
      clock.advance(30 * MINUTE);
      await sessions.use(secret);
    }
    clock.advance(30 * MINUTE);
    await expect(sessions.use(secret)).rejects.toEqual(code('session_ended'));
  });

  it('is not kept alive by looking', async () => {
    const { secret } = await open();
    clock.advance(LIMITS.idle / 2);
    await sessions.use(secret, 'passive');
    clock.advance(LIMITS.idle / 2);
    await expect(sessions.use(secret, 'passive')).rejects.toEqual(code('session_ended'));
  });

  it('is written once a minute at most, and once for requests at the same moment', async () => {
    const { secret, id } = await open();
    for (let second = 0; second < 59; second++) {
      clock.advance(1_000);
      await sessions.use(secret);
    }
    expect((await store.get('sessions', id))?.rev).toBe(1);
    clock.advance(1_000);
    await Promise.all(Array.from({ length: 20 }, () => sessions.use(secret)));
    expect(await store.get('sessions', id)).toMatchObject({ rev: 2, seen_at: clock.now() });
  });

  it('ends at once when it is ended, when its user is disabled, and with the password', async () => {
    const [one, two, three] = [await open(), await open(), await open()];
    await sessions.use(one.secret);
    await sessions.end(ada.id, one.id, 'user:u-ada', TRACE);
    await expect(sessions.use(one.secret)).rejects.toEqual(code('session_ended'));
    await sessions.use(two.secret);
    await updateUser({ password_hash: 'y' });
    await expect(sessions.use(two.secret)).rejects.toEqual(code('session_ended'));
    await expect(sessions.use(three.secret)).rejects.toEqual(code('session_ended'));
    const four = await open({ ...ada, password_hash: 'y' });
    await sessions.use(four.secret);
    await store.commit({ rows: [{ op: 'put', table: 'users', row: { ...ada, disabled: true, password_hash: 'y' } }] });
    await expect(sessions.use(four.secret)).rejects.toEqual(code('session_ended'));
  });

  it('that was opened with a password that was changed meanwhile never begins', async () => {
    const drafted = sessions.draft(ada, PLACE, TRACE);
    await updateUser({ password_hash: 'y' });
    await store.commit({ rows: [drafted.write] });
    await expect(sessions.use(drafted.secret)).rejects.toEqual(code('session_ended'));
  });

  it('is ended though it is used at the same moment', async () => {
    const { secret, id } = await open();
    await sessions.use(secret);
    clock.advance(2 * MINUTE);
    await Promise.all([sessions.use(secret), sessions.end(ada.id, id, 'user:u-ada', TRACE)]);
    await expect(sessions.use(secret)).rejects.toEqual(code('session_ended'));
  });

  it('is not found by anything but its secret', async () => {
    const { secret, id } = await open();
    for (const wrong of [
      '',
      id,
      secret.slice(1),
      `${secret}A`,
      `${secret.slice(0, -1)}=`,
      'A'.repeat(43),
      '__proto__',
    ]) {
      await expect(sessions.use(wrong)).rejects.toEqual(code('session_ended'));
    }
  });
});

describe('sessions', () => {
  it('are listed to their user while they stand, newest first, without what would let others in', async () => {
    const first = await open();
    clock.advance(1_000);
    const second = await open();
    await open({ ...ada, id: 'u-eve' });
    const listed = await sessions.list(ada.id);
    expect(listed.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(listed[0]).toMatchObject({ address: '127.0.0.1', user_agent: 'Firefox', seen_at: clock.now() });
    expect(JSON.stringify(listed)).not.toContain('mark');
    clock.advance(LIMITS.idle);
    expect(await sessions.list(ada.id)).toEqual([]);
  });

  it('of others are not ended', async () => {
    const { id, secret } = await open();
    await expect(sessions.end('u-eve', id, 'user:u-eve', TRACE)).rejects.toEqual(code('session_unknown'));
    await expect(sessions.end(ada.id, 'none', 'user:u-ada', TRACE)).rejects.toEqual(code('session_unknown'));
    await sessions.use(secret);
  });

  it('are ended once, with one audit entry', async () => {
    const { id } = await open();
    for (let n = 0; n < 3; n++) await sessions.end(ada.id, id, 'user:u-ada', TRACE);
    expect(await store.count('audit', { action: 'session.ended' })).toBe(1);
  });

  it('are removed once nobody can use them', async () => {
    await open();
    clock.advance(LIMITS.absolute);
    const prune = () => pruneSessions(store, clock.now() - LIMITS.absolute);
    expect(await prune()).toBe(0);
    const { secret } = await open();
    clock.advance(1);
    expect(await prune()).toBe(1);
    await sessions.use(secret);
  });
});

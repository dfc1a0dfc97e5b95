import { isCounterpointError, type ManualClock, manualClock } from '@counterpoint/core';
import type { Store, UserRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword, matchesPassword } from './password-hash.ts';
import { type Principal, principalOfUser } from './principal.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignIn, type SignIn } from './sign-in.ts';

const TRACE = 'a'.repeat(32);
const PLACE = { address: '192.0.2.1', userAgent: 'Firefox' };
const PASSWORD = 'correct horse battery staple';
const NEXT = 'twelve owls in a barn';

let hashed: string;
beforeAll(async () => {
  hashed = await hashPassword(PASSWORD);
});

let store: Store;
let clock: ManualClock;
let sessions: Sessions;
let signIn: SignIn;
let ada: UserRow;
beforeEach(async () => {
  store = createMemoryStore();
  clock = manualClock();
  sessions = createSessions(store, clock, { idle: 3_600_000, absolute: 43_200_000 });
  signIn = createSignIn(store, clock, sessions);
  ada = { id: 'u-ada', name: 'Ada', role: 'analyst', password_hash: hashed, disabled: false, created_at: 1, rev: 1 };
  await store.commit({ rows: [{ op: 'insert', table: 'users', row: ada }] });
});

const code = (name: string) => expect.toSatisfy((error) => isCounterpointError(error, `identity.${name}`));
const open = (name = 'Ada', password = PASSWORD, address = PLACE.address) =>
  signIn.open({ name, password, place: { ...PLACE, address }, trace: TRACE });
const bySession = (): Principal => principalOfUser(ada);
const byToken = (): Principal => ({ ...principalOfUser(ada), ref: 'token:t' });

describe('a password', () => {
  it('is kept as argon2id, with a salt of its own', async () => {
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashPassword(PASSWORD)).not.toBe(hashed);
  });

  it('is the same however its letters are composed', async () => {
    const kept = await hashPassword('zw\u00f6lf Eulen im Turm');
    expect(await matchesPassword('zwo\u0308lf Eulen im Turm', kept)).toBe(true);
  });

  it('never matches where there is none', async () => {
    for (const password of ['', 'nobody', PASSWORD]) expect(await matchesPassword(password, '')).toBe(false);
  });
});

describe('signing in', () => {
  it('opens a session, and says so in the audit log', async () => {
    const { secret, id } = await open(' Ada ');
    expect((await sessions.use(secret)).user.name).toBe('Ada');
    const [entry] = await store.find('audit', { where: { action: 'session.opened' } });
    expect(entry).toMatchObject({ principal: 'user:u-ada', object: `session:${id}`, data: { address: '192.0.2.1' } });
  });

  it('answers the same to a wrong name, a wrong password, no password and a disabled person', async () => {
    const nobody = { ...ada, id: 'u-bob', name: 'Bob', password_hash: '' };
    const disabled = { ...ada, id: 'u-eve', name: 'Eve', disabled: true };
    await store.commit({ rows: [nobody, disabled].map((row) => ({ op: 'insert', table: 'users', row })) });
    const answers = await Promise.all(
      [open('Ada', 'wrong'), open('Nobody'), open('Bob'), open('Eve'), open('Bob', '')].map((attempt) =>
        attempt.catch((error: Error) => JSON.stringify({ ...error, message: error.message })),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('sign_in_refused');
    expect(await store.count('sessions')).toBe(0);
  });

  it('writes refusals down, but neither the password nor the name that was typed', async () => {
    await expect(open('Ada', 'hunter2hunter2')).rejects.toEqual(code('sign_in_refused'));
    await expect(open('hunter2hunter2', 'Ada')).rejects.toEqual(code('sign_in_refused'));
    const refused = await store.find('audit', { where: { action: 'session.refused' } });
    expect(refused.map(({ object }) => object)).toEqual(['user:u-ada', 'system']);
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });

  it('makes who tries a name too often wait, ever longer, from wherever they come', async () => {
    for (let n = 0; n < 5; n++) {
      await expect(open('Ada', 'wrong', `192.0.2.${n}`)).rejects.toEqual(code('sign_in_refused'));
    }
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      const limited = await open('Ada', PASSWORD, '198.51.100.9').catch((error: Error) => error.message);
      const seconds = Number(/in (\d+) s/.exec(String(limited))?.[1]);
      waits.push(seconds);
      clock.advance(seconds * 1_000);
      await expect(open('Ada', 'wrong', '198.51.100.9')).rejects.toEqual(code('sign_in_refused'));
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    clock.advance(60_000);
    await open('Ada', PASSWORD, '198.51.100.9');
    await open('Ada', PASSWORD, '198.51.100.9');
  });

  it('makes an address wait that tries many names, and lets others in meanwhile', async () => {
    for (let n = 0; n < 20; n++) await expect(open(`n${n}`, 'x')).rejects.toEqual(code('sign_in_refused'));
    await expect(open()).rejects.toEqual(code('sign_in_limited'));
    await open('Ada', PASSWORD, '198.51.100.9');
  });

  it('counts attempts that come at the same moment', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 30 }, () => open('Ada', 'wrong')));
    const refused = attempts.filter(({ reason }: PromiseSettledResult<unknown> & { reason?: unknown }) =>
      isCounterpointError(reason, 'identity.sign_in_refused'),
    );
    expect(refused).toHaveLength(5);
  });

  it('ends the session that the same browser had, and no others', async () => {
    const [first, other] = [await open(), await open()];
    const next = await signIn.open({ name: 'Ada', password: PASSWORD, place: PLACE, trace: TRACE }, first.id);
    expect(next.secret).not.toBe(first.secret);
    await expect(sessions.use(first.secret)).rejects.toEqual(code('session_ended'));
    await sessions.use(other.secret);
    await sessions.use(next.secret);
    await signIn.open({ name: 'Ada', password: PASSWORD, place: PLACE, trace: TRACE }, 'no-such-session');
  });
});

describe('setting a password', () => {
  const request = { current: PASSWORD, password: NEXT, place: PLACE, trace: TRACE };

  it('ends every session and opens one in their place', async () => {
    const [one, two] = [await open(), await open()];
    const opened = await signIn.setPassword(bySession(), request);
    for (const { secret } of [one, two]) await expect(sessions.use(secret)).rejects.toEqual(code('session_ended'));
    await sessions.use(opened?.secret ?? '');
    await expect(open()).rejects.toEqual(code('sign_in_refused'));
    await open('Ada', NEXT);
    expect(await store.count('audit', { action: 'user.password_set' })).toBe(1);
  });

  it('needs the present one in a session', async () => {
    const wrong = signIn.setPassword(bySession(), { ...request, current: 'wrong' });
    await expect(wrong).rejects.toEqual(code('sign_in_refused'));
    const without = signIn.setPassword(bySession(), { ...request, current: undefined });
    await expect(without).rejects.toEqual(code('password_needed'));
    await open();
  });

  it('needs a token with every right of its user where the present one is not given', async () => {
    const without = { ...request, current: undefined, place: undefined };
    const lesser = { ...byToken(), permissions: new Set([...byToken().permissions].slice(1)) };
    await expect(signIn.setPassword(lesser, without)).rejects.toEqual(code('password_needed'));
    const passing = { ...byToken(), expiresAt: clock.now() + 60_000 };
    await expect(signIn.setPassword(passing, without)).rejects.toEqual(code('password_needed'));
    expect(await signIn.setPassword(byToken(), without)).toBeUndefined();
    await open('Ada', NEXT);
  });

  it('does not take a given password for the missing one of somebody who has none', async () => {
    await store.commit({ rows: [{ op: 'put', table: 'users', row: { ...ada, password_hash: '' } }] });
    const lesser = { ...byToken(), permissions: new Set<never>() };
    await expect(signIn.setPassword(lesser, { ...request, current: '' })).rejects.toEqual(code('password_needed'));
  });

  it('limits guesses at the present one as signing in does', async () => {
    for (let n = 0; n < 5; n++) {
      const wrong = signIn.setPassword(bySession(), { ...request, current: 'wrong' });
      await expect(wrong).rejects.toEqual(code('sign_in_refused'));
    }
    await expect(signIn.setPassword(bySession(), request)).rejects.toEqual(code('sign_in_limited'));
  });

  it('refuses weak ones and keeps what was', async () => {
    await expect(signIn.setPassword(bySession(), { ...request, password: 'short' })).rejects.toEqual(
      code('password_weak'),
    );
    await open();
  });
});

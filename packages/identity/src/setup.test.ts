import { isCounterpointError, type ManualClock, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAuthenticator } from './authenticate.ts';
import { PERMISSIONS } from './permissions.ts';
import { createSetup, type Setup } from './setup.ts';

const TRACE = 'a'.repeat(32);
const MINUTE = 60_000;

let store: Store;
let clock: ManualClock;
let setup: Setup;
beforeEach(() => {
  store = createMemoryStore();
  clock = manualClock();
  setup = createSetup(store, clock);
});

const code = (name: string) => expect.toSatisfy((error) => isCounterpointError(error, `identity.${name}`));
const prepared = async () => (await setup.prepare(TRACE)) ?? 'none';
const tables = async () => [await store.count('users'), await store.count('tokens')];

describe('setup', () => {
  it('makes the owner and a token that may do everything', async () => {
    const made = await setup.complete(await prepared(), '  Ada  ', TRACE);
    expect(made.user).toEqual({
      id: made.user.id,
      name: 'Ada',
      role: 'owner',
      disabled: false,
      created_at: clock.now(),
    });
    const principal = await createAuthenticator(store, clock).authenticate(`Bearer ${made.token.text}`);
    expect(principal).toMatchObject({ ref: `token:${made.token.info.id}`, userId: made.user.id });
    expect([...principal.permissions].sort()).toEqual(Object.keys(PERMISSIONS).sort());
  });

  it('prints a code that people can type, takes it in any spelling, and stores only its hash', async () => {
    const text = await prepared();
    expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$/);
    expect(JSON.stringify(await store.find('settings', {}))).not.toContain(text.replaceAll('-', ''));
    const typed = ` ${text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    await setup.complete(typed, 'Ada', TRACE);
  });

  it('gives a new code at every start until there is an owner, and only the newest works', async () => {
    const [first, second] = [await prepared(), await prepared()];
    expect(first).not.toBe(second);
    await expect(setup.complete(first, 'Ada', TRACE)).rejects.toEqual(code('setup_code_wrong'));
    await setup.complete(second, 'Ada', TRACE);
    expect(await setup.prepare(TRACE)).toBeUndefined();
  });

  it('refuses a wrong code, audits the attempt, and creates nothing', async () => {
    await prepared();
    for (const wrong of ['', 'AAAAA-AAAAA-AAAAA-AAAAA', 'x'.repeat(100_000)]) {
      await expect(setup.complete(wrong, 'Mallory', TRACE)).rejects.toEqual(code('setup_code_wrong'));
    }
    expect(await tables()).toEqual([0, 0]);
    const audit = await store.find('audit', { where: { action: 'setup.refused' } });
    expect(audit).toHaveLength(3);
    expect(JSON.stringify(audit)).not.toContain('AAAAA');
  });

  it('refuses a code that was used, also by two at the same moment', async () => {
    const text = await prepared();
    const attempts = await Promise.allSettled(['Ada', 'Eve'].map((name) => setup.complete(text, name, TRACE)));
    expect(attempts.map((attempt) => attempt.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(attempts.find((attempt) => attempt.status === 'rejected')?.reason).toEqual(code('setup_done'));
    await expect(setup.complete(text, 'Eve', TRACE)).rejects.toEqual(code('setup_done'));
    expect(await tables()).toEqual([1, 1]);
  });

  it('refuses before any code was prepared', async () => {
    await expect(setup.complete('', 'Eve', TRACE)).rejects.toEqual(code('setup_done'));
  });

  it('refuses a code that is a day old, to the millisecond', async () => {
    const text = await prepared();
    clock.advance(24 * 60 * MINUTE);
    await expect(setup.complete(text, 'Ada', TRACE)).rejects.toEqual(code('setup_code_expired'));
    await expect(setup.complete('wrong', 'Ada', TRACE)).rejects.toEqual(code('setup_code_wrong'));
    const next = await prepared();
    clock.advance(24 * 60 * MINUTE - 1);
    await setup.complete(next, 'Ada', TRACE);
  });

  it('allows ten attempts a minute; the eleventh is refused even with the right code', async () => {
    const text = await prepared();
    for (let n = 0; n < 10; n++) {
      await expect(setup.complete('wrong', 'Eve', TRACE)).rejects.toEqual(code('setup_code_wrong'));
    }
    await expect(setup.complete(text, 'Ada', TRACE)).rejects.toEqual(code('setup_limited'));
    expect(await store.count('audit', { action: 'setup.refused' })).toBe(10);
    clock.advance(MINUTE);
    await setup.complete(text, 'Ada', TRACE);
  });

  it('refuses names that are empty, long or carry control characters, and keeps the code usable', async () => {
    const text = await prepared();
    for (const name of ['', '   ', 'x'.repeat(101), 'Ada\u001b[31m', 'Ada\nroot', 'A\u202eda', 'A\ud800']) {
      await expect(setup.complete(text, name, TRACE)).rejects.toEqual(code('request_invalid'));
    }
    await setup.complete(text, 'Ada', TRACE);
  });

  it('audits what it did, with the trace', async () => {
    const { user } = await setup.complete(await prepared(), 'Ada', TRACE);
    const audit = await store.find('audit', {});
    expect(audit.map((entry) => [entry.action, entry.principal, entry.trace])).toEqual([
      ['setup.prepared', 'system', TRACE],
      ['user.created', `user:${user.id}`, TRACE],
      ['token.created', `user:${user.id}`, TRACE],
    ]);
  });
});

import crypto from 'node:crypto';
import { isCounterpointError, type ManualClock, manualClock } from '@counterpoint/core';
import type { Reader, Store, UserRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Authenticator, createAuthenticator } from './authenticate.ts';
import { principalOfUser } from './principal.ts';
import { createTokens, type NewToken } from './tokens.ts';

const TRACE = 'a'.repeat(32);
const ada: UserRow = {
  id: 'u-ada',
  name: 'Ada',
  role: 'analyst',
  password_hash: '',
  disabled: false,
  created_at: 1,
  rev: 1,
};
const by = principalOfUser(ada);

let store: Store;
let clock: ManualClock;
let authenticator: Authenticator;
let token: NewToken;
let reads: number;

beforeEach(async () => {
  const memory = createMemoryStore();
  reads = 0;
  const get: Reader['get'] = (table, id) => {
    reads += 1;
    return memory.get(table, id);
  };
  store = { ...memory, get };
  clock = manualClock();
  authenticator = createAuthenticator(store, clock);
  await store.commit({ rows: [{ op: 'insert', table: 'users', row: ada }] });
  token = await create({ permissions: ['case:read', 'case:write'] });
});
afterEach(() => authenticator.close());

const create = (request: { permissions?: string[]; expiresAt?: number }) =>
  createTokens(store, clock).create(by, { title: 't', permissions: ['case:read'], expiresAt: null, ...request }, TRACE);
const ask = (text: string | undefined) => authenticator.authenticate(text === undefined ? undefined : `Bearer ${text}`);
const code = (name: string) => expect.toSatisfy((error) => isCounterpointError(error, `identity.${name}`));
const updateUser = (change: Partial<UserRow>) =>
  store.commit({ rows: [{ op: 'update', table: 'users', row: { ...ada, ...change, rev: 2 } }] });

describe('authenticate', () => {
  it('knows a token by its header, whatever the case of the scheme', async () => {
    for (const scheme of ['Bearer ', 'bearer ', 'BEARER   ']) {
      expect(await authenticator.authenticate(`${scheme}${token.text}`)).toEqual({
        ref: `token:${token.info.id}`,
        userId: ada.id,
        permissions: new Set(['case:read', 'case:write']),
      });
    }
  });

  it('refuses a missing header and everything that is no token, without reading anything', async () => {
    reads = 0;
    for (const none of [undefined, '']) {
      await expect(authenticator.authenticate(none)).rejects.toEqual(code('unauthenticated'));
    }
    const { text } = token;
    for (const header of [
      text,
      `Basic ${text}`,
      `Bearer ${text} ${text}`,
      `Bearer ${text}x`,
      `Bearer ${text.slice(0, -1)}`,
      `Bearer ${text.toUpperCase()}`,
      `Bearer${text}`,
      `Bearer ${text}\nx`,
      `Bearer ${'x'.repeat(100_000)}`,
    ]) {
      await expect(authenticator.authenticate(header)).rejects.toEqual(code('token_invalid'));
    }
    expect(reads).toBe(0);
  });

  it('refuses any text but the token itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(token.text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), async (at, char) => {
        const changed = token.text.slice(0, at) + char + token.text.slice(at + 1);
        fc.pre(changed !== token.text);
        await expect(ask(changed)).rejects.toEqual(code('token_invalid'));
      }),
    );
  });

  it('refuses the id of one token with the secret of another', async () => {
    const other = await create({});
    await expect(ask(`cpt_${token.info.id}_${other.text.slice(-43)}`)).rejects.toEqual(code('token_invalid'));
    await expect(ask(`cpt_${other.info.id}_${token.text.slice(-43)}`)).rejects.toEqual(code('token_invalid'));
  });

  it('compares in constant time, also when the id is unknown, and tells both apart in nothing', async () => {
    const compare = vi.spyOn(crypto, 'timingSafeEqual');
    const wrong = await ask(`cpt_${token.info.id}_${'A'.repeat(43)}`).catch((error: Error) => error);
    const unknown = await ask(
      `cpt_${TRACE.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}_${'A'.repeat(43)}`,
    ).catch((error: Error) => error);
    expect(compare).toHaveBeenCalledTimes(2);
    compare.mockRestore();
    expect(wrong).toEqual(unknown);
  });

  it('refuses an expired token from the millisecond on, though it is cached', async () => {
    const short = await create({ expiresAt: clock.now() + 1_000 });
    clock.advance(999);
    await ask(short.text);
    clock.advance(1);
    await expect(ask(short.text)).rejects.toEqual(code('token_expired'));
  });

  it('refuses a revoked token at once, though it is cached, and says so only to who has the secret', async () => {
    await ask(token.text);
    await createTokens(store, clock).revoke(by, token.info.id, TRACE);
    await expect(ask(token.text)).rejects.toEqual(code('token_revoked'));
    await expect(ask(`cpt_${token.info.id}_${'A'.repeat(43)}`)).rejects.toEqual(code('token_invalid'));
  });

  it('never keeps what was read before a revocation that was committed meanwhile', async () => {
    const memory = store;
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const get: Reader['get'] = async (table, id) => {
      const row = await memory.get(table, id);
      if (table === 'users') await gate;
      return row;
    };
    const slow = createAuthenticator({ ...memory, get }, clock);
    const early = slow.authenticate(`Bearer ${token.text}`);
    await createTokens(memory, clock).revoke(by, token.info.id, TRACE);
    release();
    await early;
    await expect(slow.authenticate(`Bearer ${token.text}`)).rejects.toEqual(code('token_revoked'));
  });

  it('refuses tokens of a disabled user at once', async () => {
    await ask(token.text);
    await updateUser({ disabled: true });
    await expect(ask(token.text)).rejects.toEqual(code('user_disabled'));
  });

  it('shrinks a token with the role of its user', async () => {
    expect((await ask(token.text)).permissions.has('case:write')).toBe(true);
    await updateUser({ role: 'viewer' });
    expect([...(await ask(token.text)).permissions]).toEqual(['case:read']);
  });

  it('gives a token no permission by a name that is none, nor one beyond its list', async () => {
    const row = await store.get('tokens', token.info.id);
    const permissions = ['case:read', 'root', 'constructor', 'settings:write'];
    if (row) await store.commit({ rows: [{ op: 'put', table: 'tokens', row: { ...row, permissions } }] });
    expect([...(await ask(token.text)).permissions]).toEqual(['case:read']);
  });

  it('reads the store once in five seconds while nothing changes', async () => {
    reads = 0;
    for (let n = 0; n < 10; n++) await ask(token.text);
    expect(reads).toBe(2);
    await store.commit({ rows: [{ op: 'put', table: 'settings', row: { id: 's', value: 1, rev: 1 } }] });
    await ask(token.text);
    expect(reads).toBe(2);
    clock.advance(5_000);
    await ask(token.text);
    expect(reads).toBe(4);
  });

  it('stops listening when closed', async () => {
    await ask(token.text);
    authenticator.close();
    reads = 0;
    await updateUser({ role: 'viewer' });
    await ask(token.text);
    expect(reads).toBe(0);
  });
});

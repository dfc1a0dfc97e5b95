import { isCounterpointError, type ManualClock, manualClock } from '@counterpoint/core';
import type { Store, UserRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { PERMISSIONS, type Permission } from './permissions.ts';
import { authorise, type Principal, principalOfToken, principalOfUser } from './principal.ts';
import { permissionsOfRole, ROLES } from './roles.ts';
import { createTokens, type Tokens } from './tokens.ts';

const TRACE = 'a'.repeat(32);
const user = (id: string, role: string): UserRow => ({
  id,
  name: id,
  role,
  password_hash: '',
  disabled: false,
  created_at: 1,
  rev: 1,
});
const owner = principalOfUser(user('u-owner', 'owner'));
const analyst = principalOfUser(user('u-analyst', 'analyst'));
const viewer = principalOfUser(user('u-viewer', 'viewer'));
const request = { title: 'ci', permissions: ['case:read'], expiresAt: null };

let store: Store;
let clock: ManualClock;
let tokens: Tokens;
beforeEach(() => {
  store = createMemoryStore();
  clock = manualClock();
  tokens = createTokens(store, clock);
});
const code = (name: string) => expect.toSatisfy((error) => isCounterpointError(error, `identity.${name}`));

describe('tokens', () => {
  it('keep only a hash: neither row nor audit nor list holds the text', async () => {
    const { text, info } = await tokens.create(owner, request, TRACE);
    expect(text).toMatch(new RegExp(`^cpt_${info.id}_[\\w-]{43}$`));
    const secret = text.slice(-43);
    const kept = JSON.stringify([
      await store.find('tokens', {}),
      await store.find('audit', {}),
      await tokens.list(owner),
    ]);
    expect(kept).not.toContain(secret);
    expect((await store.get('tokens', info.id))?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(info).not.toHaveProperty('hash');
  });

  it('can never be given more than their creator has', async () => {
    const every = Object.keys(PERMISSIONS) as Permission[];
    await fc.assert(
      fc.asyncProperty(fc.subarray(every), fc.subarray(every, { minLength: 1 }), async (has, asks) => {
        const by: Principal = { ref: 'token:t', userId: 'u', permissions: new Set([...has, 'token:write'] as const) };
        const creation = tokens.create(by, { ...request, permissions: asks }, TRACE);
        if (asks.every((permission) => by.permissions.has(permission))) {
          expect(new Set((await creation).info.permissions)).toEqual(new Set(asks));
        } else await expect(creation).rejects.toEqual(code('escalation'));
      }),
      { numRuns: 100 },
    );
  });

  it('name what was missing, and write nothing', async () => {
    const asked = { ...request, permissions: ['case:read', 'settings:write', 'user:write'] };
    await expect(tokens.create(analyst, asked, TRACE)).rejects.toThrow(/settings:write, user:write/);
    await expect(tokens.create(viewer, request, TRACE)).rejects.toEqual(code('forbidden'));
    expect([await store.count('tokens'), await store.count('audit')]).toEqual([0, 0]);
  });

  it('are refused with unknown or no permissions, bad titles and past expiry', async () => {
    for (const wrong of [
      { permissions: [] },
      { permissions: ['case:read', 'root'] },
      { permissions: ['__proto__'] },
      { permissions: ['toString'] },
      { title: '' },
      { title: 'a\u0007b' },
      { expiresAt: clock.now() },
      { expiresAt: Number.NaN },
      { expiresAt: Number.POSITIVE_INFINITY },
    ]) {
      await expect(tokens.create(owner, { ...request, ...wrong }, TRACE)).rejects.toEqual(code('request_invalid'));
    }
  });

  it('that expire make none that last longer', async () => {
    const expiresAt = clock.now() + 60_000;
    const { info } = await tokens.create(owner, { ...request, permissions: ['token:write'], expiresAt }, TRACE);
    const row = await store.get('tokens', info.id);
    if (!row) throw new Error('no such token');
    const by = principalOfToken(row, user('u-owner', 'owner'));
    const wanted = { ...request, permissions: ['token:write'] };
    for (const longer of [null, expiresAt + 1]) {
      await expect(tokens.create(by, { ...wanted, expiresAt: longer }, TRACE)).rejects.toEqual(code('token_outlives'));
    }
    expect((await tokens.create(by, { ...wanted, expiresAt }, TRACE)).info.expires_at).toBe(expiresAt);
  });

  it('are revoked once, with one audit entry', async () => {
    const { info } = await tokens.create(analyst, request, TRACE);
    expect((await tokens.revoke(analyst, info.id, TRACE)).revoked_at).toBe(clock.now());
    clock.advance(5);
    expect((await tokens.revoke(analyst, info.id, TRACE)).revoked_at).toBe(clock.now() - 5);
    expect(await store.count('audit', { action: 'token.revoked', principal: analyst.ref })).toBe(1);
  });

  it('of others are neither seen nor revoked, unless one manages people', async () => {
    const { info } = await tokens.create(owner, request, TRACE);
    const own = await tokens.create(analyst, request, TRACE);
    await expect(tokens.revoke(analyst, info.id, TRACE)).rejects.toEqual(code('token_unknown'));
    await expect(tokens.revoke(analyst, 'no-such-id', TRACE)).rejects.toEqual(code('token_unknown'));
    expect(await tokens.list(analyst)).toEqual([own.info]);
    expect(await tokens.list(owner)).toHaveLength(2);
    await tokens.revoke(owner, own.info.id, TRACE);
    await expect(tokens.list(viewer)).rejects.toEqual(code('forbidden'));
    await expect(tokens.revoke(viewer, own.info.id, TRACE)).rejects.toEqual(code('forbidden'));
  });
});

describe('roles', () => {
  it('grow from viewer to owner, and the owner has everything', () => {
    const sizes = [ROLES.viewer, ROLES.analyst, ROLES.engineer, ROLES.owner];
    for (const [index, role] of sizes.slice(1).entries()) {
      expect([...(sizes[index] ?? [])].every((permission) => role.has(permission))).toBe(true);
    }
    expect(ROLES.owner.size).toBe(Object.keys(PERMISSIONS).length);
    expect([...ROLES.viewer].every((permission) => permission.endsWith(':read'))).toBe(true);
  });

  it('give nothing to an unknown role or a disabled person', () => {
    for (const role of ['', 'admin', 'constructor', '__proto__']) expect(permissionsOfRole(role).size).toBe(0);
    expect(principalOfUser({ ...user('u', 'owner'), disabled: true }).permissions.size).toBe(0);
  });
});

describe('authorise', () => {
  it('passes who has the permission and names it to who has not', () => {
    expect(() => authorise(analyst, 'action:contain')).not.toThrow();
    expect(() => authorise(analyst, 'action:destroy')).toThrow(code('forbidden'));
    expect(() => authorise(analyst, 'action:destroy')).toThrow(
      'user:u-analyst does not have the permission action:destroy.',
    );
  });
});

import { randomBytes } from 'node:crypto';
import { createRedactor, isCounterpointError, manualClock, type Redactor } from '@counterpoint/core';
import type { Change, SecretRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeyProvider, type KeyProvider } from './key-provider.ts';
import { createVault, type Vault } from './vault.ts';

const by = { principal: 'user:alice', trace: 'a'.repeat(32) };
const use = { purpose: 'action' } as const;
const SECRET = 'hunter2-correct-horse';

let store: Store;
let provider: KeyProvider;
let redactor: Redactor;
let vault: Vault;
const vaultOver = (changes: { installation?: string; provider?: KeyProvider } = {}) =>
  createVault({ store, provider, installation: 'inst-1', redactor, clock: manualClock(), ...changes });

beforeEach(() => {
  store = createMemoryStore();
  provider = createKeyProvider(randomBytes(32));
  redactor = createRedactor();
  vault = vaultOver();
});

async function sealed(value = SECRET, label = 'FortiGate API key'): Promise<string> {
  const { id, change } = vault.seal(label, value, by);
  await store.commit(change);
  return id;
}

async function rowOf(id: string): Promise<SecretRow> {
  const row = await store.get('secrets', id);
  if (!row) throw new Error('no such row');
  return row;
}

const put = (row: SecretRow): Promise<void> => store.commit({ rows: [{ op: 'put', table: 'secrets', row }] });
const code = (name: string) => expect.toSatisfy((error) => isCounterpointError(error, `vault.${name}`));

describe('vault: sealing and opening', () => {
  it('gives back what was sealed, whatever the text', async () => {
    const text = fc.string({ unit: 'binary', minLength: 8, maxLength: 200 }).filter((value) => value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect(await vault.open(await sealed(value), use)).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the secret out of the change in every encoding, and redacts it from then on', async () => {
    const { change } = vault.seal('label', SECRET, by);
    const text = JSON.stringify(change, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(redactor.text(text)).toBe(text);
    expect(redactor.text(`Authorization: Bearer ${SECRET}`)).toBe('Authorization: Bearer [redacted]');
  });

  it('redacts a secret that was sealed before this process, from the moment it is opened', async () => {
    const id = await sealed();
    redactor = createRedactor();
    vault = vaultOver();
    await vault.open(id, use);
    expect(redactor.text(SECRET)).toBe('[redacted]');
  });

  it('seals the same value differently every time', async () => {
    const [one, two] = [await rowOf(await sealed()), await rowOf(await sealed())];
    expect(Buffer.from(one.sealed).equals(two.sealed)).toBe(false);
    expect(Buffer.from(one.wrapped_key).equals(two.wrapped_key)).toBe(false);
  });

  it('replaces a secret under a new version; the change of another writer conflicts', async () => {
    const id = await sealed();
    const [change, rival] = [await vault.replace(id, 'second-secret', by), await vault.replace(id, 'third-secret', by)];
    await store.commit(change);
    await expect(store.commit(rival)).rejects.toMatchObject({ code: 'events.conflict' });
    expect(await rowOf(id)).toMatchObject({ version: 2, rev: 2, label: 'FortiGate API key' });
    expect(await vault.open(id, use)).toBe('second-secret');
  });

  it('removes a secret', async () => {
    const id = await sealed();
    await store.commit(vault.remove(id, by));
    await expect(vault.open(id, use)).rejects.toEqual(code('secret_unknown'));
    await expect(vault.replace(id, SECRET, by)).rejects.toEqual(code('secret_unknown'));
  });

  it('audits every change without the secret', async () => {
    const id = await sealed();
    const changes: Change[] = [await vault.replace(id, 'second-secret', by), vault.remove(id, by)];
    for (const change of changes) await store.commit(change);
    const entries = await store.find('audit', {});
    expect(entries.map((entry) => entry.action)).toEqual(['secret.created', 'secret.replaced', 'secret.removed']);
    expect(entries.every((entry) => entry.object === `secret:${id}` && entry.principal === 'user:alice')).toBe(true);
    expect(redactor.value(entries)).toEqual(entries);
  });

  it('counts decryptions by purpose; sealing, replacing and removing decrypt nothing', async () => {
    const id = await sealed();
    await store.commit(await vault.replace(id, 'second-secret', by));
    expect(vault.decryptCount()).toBe(0);
    await vault.open(id, use);
    await vault.open(id, { purpose: 'source' });
    await vault.open(id, use);
    expect([vault.decryptCount(), vault.decryptCount('action'), vault.decryptCount('audit')]).toEqual([3, 2, 0]);
  });

  it('refuses secrets that could not be redacted, are huge, or would not come back the same', () => {
    for (const value of ['', 'short12', 'x'.repeat(64 * 1024 + 1), 'half a pair \ud800']) {
      expect(() => vault.seal('label', value, by)).toThrow(code('secret_refused'));
    }
    expect(() => vault.seal('label', 'canary7', by)).not.toThrow(/canary7/);
  });
});

describe('vault: attacks on its rows', () => {
  it.each(['sealed', 'wrapped_key'] as const)('refuses %s of another secret, and both together', async (column) => {
    const [one, two] = [await rowOf(await sealed()), await rowOf(await sealed('another-secret'))];
    await put({ ...one, [column]: two[column] });
    await expect(vault.open(one.id, use)).rejects.toEqual(code('tampered'));
    await put({ ...one, sealed: two.sealed, wrapped_key: two.wrapped_key });
    await expect(vault.open(one.id, use)).rejects.toEqual(code('tampered'));
  });

  it('refuses the ciphertext of an older version under a newer number, and a changed version', async () => {
    const id = await sealed();
    const old = await rowOf(id);
    await store.commit(await vault.replace(id, 'second-secret', by));
    await put({ ...(await rowOf(id)), sealed: old.sealed, wrapped_key: old.wrapped_key });
    await expect(vault.open(id, use)).rejects.toEqual(code('tampered'));
    await put({ ...old, version: 7 });
    await expect(vault.open(id, use)).rejects.toEqual(code('tampered'));
  });

  it('refuses a row carried to another installation that has the same key', async () => {
    const id = await sealed();
    await expect(vaultOver({ installation: 'inst-2' }).open(id, use)).rejects.toEqual(code('tampered'));
  });

  it('refuses every flipped bit and every cut', async () => {
    const row = await rowOf(await sealed());
    for (const column of ['sealed', 'wrapped_key'] as const) {
      for (let index = 0; index < row[column].length; index++) {
        const flipped = Uint8Array.from(row[column]);
        flipped[index] = (flipped[index] ?? 0) ^ 1;
        await put({ ...row, [column]: flipped });
        await expect(vault.open(row.id, use)).rejects.toEqual(code('tampered'));
      }
      for (const length of [0, 1, 27, 28, row[column].length - 1]) {
        await put({ ...row, [column]: row[column].subarray(0, length) });
        await expect(vault.open(row.id, use)).rejects.toEqual(code('tampered'));
      }
    }
  });

  it('names the key that is needed when the row was sealed with another', async () => {
    const id = await sealed();
    const other = createKeyProvider(randomBytes(32));
    await expect(vaultOver({ provider: other }).open(id, use)).rejects.toEqual(code('key_wrong'));
    await put({ ...(await rowOf(id)), kek: other.kek });
    await expect(vaultOver({ provider: other }).open(id, use)).rejects.toEqual(code('tampered'));
  });
});

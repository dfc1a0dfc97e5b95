import type { Clock, Redactor } from '@counterpoint/core';
import type { SettingRow, Store } from '@counterpoint/events';
import { errors } from './errors.ts';
import type { KeyProvider } from './key-provider.ts';
import { type KeySource, loadKeyProvider, placeOf } from './key-source.ts';
import { createVault, type Vault } from './vault.ts';

/** What {@link openVault} needs. */
export interface OpenVaultOptions {
  readonly store: Store;
  readonly key: KeySource;
  /** The installation's id. */
  readonly installation: string;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** The environment to look for a key in; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The setting that remembers which key this database belongs to: `{kek, check}`. */
export const KEY_CHECK_SETTING = 'vault.key';

/**
 * Opens the vault when the server starts. On the first run (nothing was ever sealed) a missing key file is created
 * and the key's check value is committed; from then on only that key will do. The redactor knows every kept secret then.
 *
 * @throws vault.key_missing, vault.key_absent, vault.key_wrong, vault.tampered, and what loading a key throws
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const { store, key, installation, redactor, clock, env } = options;
  const setting = await store.get('settings', KEY_CHECK_SETTING);
  const check = setting && readCheck(setting);
  const expected = check?.kek ?? (await store.find('secrets', { limit: 1 }))[0]?.kek;

  const provider = await loadKeyProvider(key, { create: expected === undefined, redactor, ...(env && { env }) });
  if (!provider) {
    const place = placeOf(key);
    throw expected === undefined ? errors.key_absent({ place }) : errors.key_missing({ kek: expected, place });
  }
  if (expected !== undefined && provider.kek !== expected) {
    throw errors.key_wrong({ found: provider.kek, expected });
  }
  if (!check)
    await store.commit({ rows: [{ op: 'insert', table: 'settings', row: newCheck(provider, installation) }] });
  else if (!provider.unwrap(Buffer.from(check.check, 'base64url'), checkContext(installation))) {
    throw errors.tampered({ what: 'The key check value of the vault' });
  }
  const vault = createVault({ store, provider, installation, redactor, clock });
  await vault.learn();
  return vault;
}

function newCheck(provider: KeyProvider, installation: string): SettingRow {
  const check = Buffer.from(provider.wrap(Buffer.from('counterpoint'), checkContext(installation)));
  return { id: KEY_CHECK_SETTING, value: { kek: provider.kek, check: check.toString('base64url') }, rev: 1 };
}

function readCheck(setting: SettingRow): { readonly kek: string; readonly check: string } {
  const { kek, check } = (setting.value ?? {}) as { readonly kek?: unknown; readonly check?: unknown };
  if (typeof kek === 'string' && typeof check === 'string') return { kek, check };
  throw errors.tampered({ what: 'The key check value of the vault' });
}

function checkContext(installation: string): string {
  return `${installation}|key-check`;
}

import { randomBytes } from 'node:crypto';
import { type Clock, isCounterpointError, MIN_REDACTABLE_LENGTH, newId, type Redactor } from '@counterpoint/core';
import type { AuditEntry, Causality, Change, Reader, SecretRow } from '@counterpoint/events';
import { decrypt, encrypt } from './cipher.ts';
import { errors } from './errors.ts';
import type { KeyProvider } from './key-provider.ts';

/** On whose rights a secret is changed, and in which trace; goes into the audit entry. */
export type SecretActor = Pick<Causality, 'principal' | 'trace'>;

/** What a secret is opened for. */
export type SecretPurpose = 'action' | 'source' | 'audit' | 'gateway';

/** What the vault is made of. */
export interface VaultOptions {
  readonly store: Reader;
  readonly provider: KeyProvider;
  /** The installation's id; secrets of another installation do not open. */
  readonly installation: string;
  /** Learns every secret that is sealed or opened. */
  readonly redactor: Redactor;
  readonly clock: Clock;
}

/**
 * Keeps credentials. Write-only: `open` alone gives a secret back, for the code that is about to use it. Nothing is
 * written before the caller commits the change it was given.
 */
export interface Vault {
  /** A new secret. @throws vault.secret_refused */
  seal(label: string, value: string, by: SecretActor): { readonly id: string; readonly change: Change };
  /** A new value for a secret, under a new data key and version. @throws vault.secret_unknown, vault.secret_refused */
  replace(id: string, value: string, by: SecretActor): Promise<Change>;
  /** The change that removes a secret; nothing happens when there is none. */
  remove(id: string, by: SecretActor): Change;
  /**
   * The secret in the clear. It is registered with the redactor first, and counted.
   *
   * @throws vault.secret_unknown, vault.key_wrong, vault.tampered
   */
  open(id: string, use: { readonly purpose: SecretPurpose }): Promise<string>;
  /**
   * Has the redactor know every secret that is kept, also those that this process never opens and those that another one
   * sealed since: what was written down while a secret stood in it unnoticed is cleaned then too. What does not open is left
   * to whoever uses it, who is told why.
   */
  learn(): Promise<void>;
  /** How many secrets this process decrypted, for one purpose or for all. */
  decryptCount(purpose?: SecretPurpose): number;
}

const MAX_SECRET_BYTES = 64 * 1024;
const DATA_KEY_BYTES = 32;
const PAGE = 500;

/** Makes a vault over a key that is known to be the right one; the server uses `openVault`, which makes sure of that. */
export function createVault(options: VaultOptions): Vault {
  const { store, provider, installation, redactor, clock } = options;
  const counts = new Map<SecretPurpose, number>();
  const told = createTold(redactor);

  const sealed = (id: string, version: number, label: string, value: string) => {
    requireSealable(label, value);
    told.add({ id, version }, value);
    const dataKey = randomBytes(DATA_KEY_BYTES);
    const context = contextOf(installation, id, version);
    const row = {
      id,
      label,
      version,
      kek: provider.kek,
      wrapped_key: provider.wrap(dataKey, context),
      sealed: encrypt(dataKey, Buffer.from(value, 'utf8'), context),
    };
    dataKey.fill(0);
    return row;
  };

  const audited = (action: string, id: string, data: AuditEntry['data'], by: SecretActor): AuditEntry[] => [
    { at: clock.now(), principal: by.principal, action, object: `secret:${id}`, data, trace: by.trace },
  ];

  return {
    seal(label, value, by) {
      const now = clock.now();
      const id = newId(now);
      const row: SecretRow = { ...sealed(id, 1, label, value), created_at: now, rev: 1 };
      const audit = audited('secret.created', id, { label }, by);
      return { id, change: { rows: [{ op: 'insert', table: 'secrets', row }], audit } };
    },
    async replace(id, value, by) {
      const old = await store.get('secrets', id);
      if (!old) throw errors.secret_unknown({ id });
      const version = old.version + 1;
      const row: SecretRow = {
        ...sealed(id, version, old.label, value),
        created_at: old.created_at,
        rev: old.rev + 1,
      };
      const audit = audited('secret.replaced', id, { label: old.label, version }, by);
      return { rows: [{ op: 'update', table: 'secrets', row }], audit };
    },
    remove(id, by) {
      return { rows: [{ op: 'delete', table: 'secrets', id }], audit: audited('secret.removed', id, {}, by) };
    },
    async open(id, { purpose }) {
      const row = await store.get('secrets', id);
      if (!row) throw errors.secret_unknown({ id });
      counts.set(purpose, (counts.get(purpose) ?? 0) + 1);
      const value = openRow(row, provider, installation);
      told.add(row, value);
      return value;
    },
    learn: () => learnSecrets(options, told),
    decryptCount(purpose) {
      if (purpose) return counts.get(purpose) ?? 0;
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}

/** What the redactor was told of; a new value of a secret is another one. */
function createTold(redactor: Redactor) {
  const told = new Set<string>();
  const nameOf = ({ id, version }: Pick<SecretRow, 'id' | 'version'>) => `${id}@${version}`;
  return {
    has: (secret: Pick<SecretRow, 'id' | 'version'>) => told.has(nameOf(secret)),
    add(secret: Pick<SecretRow, 'id' | 'version'>, value: string) {
      if (told.has(nameOf(secret))) return;
      redactor.add(value);
      told.add(nameOf(secret));
    },
  };
}

async function learnSecrets(
  { store, provider, installation }: VaultOptions,
  told: ReturnType<typeof createTold>,
): Promise<void> {
  for (let after = ''; ; ) {
    const where = { id: { gt: after } };
    const rows = await store.find('secrets', { where, orderBy: [{ column: 'id' }], limit: PAGE });
    for (const row of rows.filter((row) => !told.has(row))) {
      try {
        told.add(row, openRow(row, provider, installation));
      } catch (error) {
        if (!isCounterpointError(error)) throw error;
      }
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

function openRow(row: SecretRow, provider: KeyProvider, installation: string): string {
  if (row.kek !== provider.kek) throw errors.key_wrong({ found: provider.kek, expected: row.kek });
  const context = contextOf(installation, row.id, row.version);
  const dataKey = provider.unwrap(row.wrapped_key, context);
  const value = dataKey && decrypt(dataKey, row.sealed, context);
  if (!value) throw errors.tampered({ what: `The secret ${row.id}` });
  dataKey.fill(0);
  return value.toString('utf8');
}

function contextOf(installation: string, id: string, version: number): string {
  return `${installation}|${id}|${version}`;
}

function requireSealable(label: string, value: string): void {
  if (value.length < MIN_REDACTABLE_LENGTH) {
    throw errors.secret_refused({ label, reason: `it is shorter than ${MIN_REDACTABLE_LENGTH} characters` });
  }
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES) throw errors.secret_refused({ label, reason: 'it is over 64 KiB' });
  if (!value.isWellFormed()) throw errors.secret_refused({ label, reason: 'it is not well-formed Unicode text' });
}

import { type Clock, isCounterpointError, type JsonObject, newTraceId } from '@counterpoint/core';
import { mergeChanges, type Store } from '@counterpoint/events';
import type { IssuedCertificate } from '@counterpoint/fabric';
import type { Vault } from '@counterpoint/vault';
import { type AuthorityKeys, issueClient, issueServer, makeAuthority, type Validity } from './certificates.ts';

/** The certificate authority of this installation. */
export interface Authority {
  /** Its own certificate, PEM: what clients trust the broker by. */
  readonly certificate: string;
  /**
   * Signs a request of a client, valid for a year.
   *
   * @throws gateway.csr_invalid
   */
  issue(csr: string): Promise<IssuedCertificate>;
  /** A key and certificate for this server under some host names and addresses, valid for a year. */
  serve(names: readonly string[]): Promise<AuthorityKeys>;
}

/** What an authority is kept in. */
export interface AuthorityOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly installation: string;
}

/** The value of the setting that the authority is kept in. */
interface Kept extends JsonObject {
  /** Id of the vault's secret with the key. */
  readonly secret: string;
  readonly certificate: string;
}

const SETTING = 'gateway.authority';
const DAY = 86_400_000;
const AUTHORITY_DAYS = 3_650;
const LEAF_DAYS = 397;
// Clocks of other machines may be behind: what is issued now must already be valid for them.
const SKEW = DAY;

/** Opens the installation's authority; made on first use, with its key sealed in the vault. */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const keys = (await load(options)) ?? (await make(options));
  const { clock } = options;
  return {
    certificate: keys.certificate,
    issue: (csr) => issueClient(keys, csr, validFor(clock, LEAF_DAYS)),
    serve: (names) => issueServer(keys, names, validFor(clock, LEAF_DAYS)),
  };
}

function validFor(clock: Clock, days: number): Validity {
  // X.509 times have whole seconds.
  const now = Math.floor(clock.now() / 1_000) * 1_000;
  return { notBefore: now - SKEW, notAfter: now + days * DAY };
}

async function load({ store, vault }: AuthorityOptions): Promise<AuthorityKeys | undefined> {
  const value = (await store.get('settings', SETTING))?.value;
  if (value === undefined) return undefined;
  const { secret, certificate } = value as Kept;
  return { key: await vault.open(secret, { purpose: 'gateway' }), certificate };
}

async function make(options: AuthorityOptions): Promise<AuthorityKeys> {
  const { store, vault, clock, installation } = options;
  const keys = await makeAuthority(`Counterpoint ${installation}`, validFor(clock, AUTHORITY_DAYS));
  const sealed = vault.seal('Key of the certificate authority', keys.key, {
    principal: 'system',
    trace: newTraceId(),
  });
  const value: Kept = { secret: sealed.id, certificate: keys.certificate };
  try {
    await store.commit(
      mergeChanges(sealed.change, {
        rows: [{ op: 'insert', table: 'settings', row: { id: SETTING, value, rev: 1 } }],
      }),
    );
    return keys;
  } catch (error) {
    // Another process was first; its authority is the one.
    const other = isCounterpointError(error, 'events.conflict') ? await load(options) : undefined;
    if (!other) throw error;
    return other;
  }
}

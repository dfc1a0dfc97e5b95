import { type Clock, newId, newSecret } from '@counterpoint/core';
import type { AuditEntry, Change, CredentialRow, Store } from '@counterpoint/events';
import { hashSecret, matchesHash } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Actor, CredentialInfo, IssuedCertificate } from './participant.ts';
import { formatParticipantToken, parseParticipantToken } from './token-text.ts';

/** What participants prove themselves with. */
export interface Credentials {
  /** The participant whose token this is. @throws fabric.participant_unauthenticated */
  ofToken(text: string): Promise<string>;
  /** The participant whose certificate this is. @throws fabric.participant_unauthenticated, fabric.certificate_revoked */
  ofCertificate(thumbprint: string): Promise<string>;
  issueToken(
    participant: string,
    title: string,
    by: Actor,
    validFor: number | undefined,
  ): Promise<{ readonly id: string; readonly token: string }>;
  addCertificate(participant: string, certificate: IssuedCertificate, by: Actor): Promise<void>;
  /** The credential as it was before; undefined when it had ended already. @throws fabric.credential_unknown */
  revoke(credential: string, by: Actor): Promise<CredentialRow | undefined>;
  list(participant: string): Promise<readonly CredentialInfo[]>;
  /** Deletes all of a participant. */
  removal(participant: string): Promise<Change>;
  /** Whether it was revoked; `key` is an id or a thumbprint. Asks the store. */
  isRevoked(key: string): Promise<boolean>;
  /** Those whose time ended from `since` (Unix ms) up to now. */
  endedSince(since: number): Promise<readonly CredentialRow[]>;
  close(): void;
}

interface Known {
  readonly row: CredentialRow;
  readonly staleAt: number;
}

const CACHE_MILLIS = 5_000;
const CACHE_SIZE = 10_000;
const USED_AGAIN = 60 * 60_000;
const NO_HASH = '0'.repeat(64);
const MOST = 1_000;

/** Finds credentials, with a small cache; what another process revoked counts after 5 s at the latest. */
function createLookUp(store: Store, clock: Clock) {
  const cache = new Map<string, Known>();
  let generation = 0;
  const stop = store.onCommitted((change) => {
    if (!change.rows?.some(({ table }) => table === 'credentials')) return;
    generation += 1;
    cache.clear();
  });

  const load = async (key: string, read: () => Promise<CredentialRow | undefined>) => {
    const cached = cache.get(key);
    if (cached && clock.now() < cached.staleAt) return cached.row;
    const before = generation;
    const row = await read();
    // What was read may be older than a change that was committed meanwhile: then it is used once, not kept.
    if (row && generation === before) {
      if (cache.size >= CACHE_SIZE) cache.clear();
      cache.set(key, { row, staleAt: clock.now() + CACHE_MILLIS });
    }
    return row;
  };
  return {
    byId: (id: string) => load(id, () => store.get('credentials', id)),
    byHash: (hash: string) => load(hash, () => findByHash(store, hash)),
    close: stop,
  };
}

async function findByHash(store: Store, hash: string): Promise<CredentialRow | undefined> {
  return (await store.find('credentials', { where: { hash }, limit: 1 }))[0];
}

/** By its id, or by its thumbprint. */
async function findByEither(store: Store, key: string): Promise<CredentialRow | undefined> {
  return (await store.get('credentials', key)) ?? (await findByHash(store, key));
}

/** Makes {@link Credentials}. */
export function createCredentials(store: Store, clock: Clock): Credentials {
  const lookUp = createLookUp(store, clock);
  const used = (row: CredentialRow): string => {
    const now = clock.now();
    if (row.used_at === null || now - row.used_at > USED_AGAIN) {
      const after = { ...row, used_at: now, rev: row.rev + 1 };
      // Only a help for people: losing it to somebody else's write does no harm.
      void store.commit({ rows: [{ op: 'update', table: 'credentials', row: after }] }).catch(() => undefined);
    }
    return row.participant;
  };
  const counts = (row: CredentialRow) =>
    row.revoked_at === null && row.not_before <= clock.now() && (row.not_after === null || clock.now() < row.not_after);

  return {
    async ofToken(text) {
      const parts = parseParticipantToken(text);
      if (!parts) throw errors.participant_unauthenticated();
      const row = await lookUp.byId(parts.id);
      // An unknown id costs a comparison too, so that time does not tell which ids exist.
      if (!matchesHash(parts.secret, row?.hash ?? NO_HASH) || row?.kind !== 'token' || !counts(row)) {
        throw errors.participant_unauthenticated();
      }
      return used(row);
    },
    async ofCertificate(thumbprint) {
      const row = await lookUp.byHash(thumbprint);
      if (row?.kind !== 'certificate') throw errors.participant_unauthenticated();
      if (row.revoked_at !== null) throw errors.certificate_revoked({ thumbprint });
      if (!counts(row)) throw errors.participant_unauthenticated();
      return used(row);
    },
    issueToken: (participant, title, by, validFor) =>
      issueToken(store, clock.now(), { participant, title, by, validFor }),
    addCertificate: (participant, certificate, by) =>
      addCertificate(store, clock.now(), { participant, certificate, by }),
    async revoke(credential, by) {
      const row = await findByEither(store, credential);
      if (!row) throw errors.credential_unknown({ credential });
      if (row.revoked_at !== null) return undefined;
      const now = clock.now();
      const revoked = { ...row, revoked_at: now, rev: row.rev + 1 };
      await store.commit({
        rows: [{ op: 'update', table: 'credentials', row: revoked }],
        audit: [audited(by, 'participant.credential_revoked', row.participant, { credential: row.id }, now)],
      });
      return row;
    },
    async list(participant) {
      const rows = await store.find('credentials', { where: { participant }, limit: MOST });
      return rows.map(({ hash: _hash, rev: _rev, ...info }) => info);
    },
    async removal(participant) {
      const rows = await store.find('credentials', { where: { participant }, limit: MOST });
      return { rows: rows.map(({ id }) => ({ op: 'delete', table: 'credentials', id })) };
    },
    async isRevoked(key) {
      const row = await findByEither(store, key);
      return row === undefined || row.revoked_at !== null;
    },
    async endedSince(since) {
      const where = { not_after: { gte: since } };
      const rows = await store.find('credentials', { where, orderBy: [{ column: 'not_after' }], limit: MOST });
      return rows.filter(({ not_after }) => not_after !== null && not_after <= clock.now());
    },
    close: lookUp.close,
  };
}

async function issueToken(
  store: Store,
  now: number,
  { participant, title, by, validFor }: { participant: string; title: string; by: Actor; validFor: number | undefined },
) {
  const id = newId(now);
  const secret = newSecret();
  const times = { not_before: now, not_after: validFor === undefined ? null : now + validFor };
  const row = newRow({ id, participant, kind: 'token', hash: hashSecret(secret), detail: { title }, ...times }, now);
  const data = { credential: id, title, not_after: row.not_after };
  await store.commit(issued(row, audited(by, 'participant.token_issued', participant, data, now)));
  return { id, token: formatParticipantToken({ id, secret }) };
}

async function addCertificate(
  store: Store,
  now: number,
  { participant, certificate, by }: { participant: string; certificate: IssuedCertificate; by: Actor },
): Promise<void> {
  const { thumbprint, notBefore, notAfter, ...detail } = certificate;
  const times = { not_before: notBefore, not_after: notAfter };
  const row = newRow({ id: newId(now), participant, kind: 'certificate', hash: thumbprint, detail, ...times }, now);
  const data = { credential: row.id, serial: detail.serial, not_after: notAfter };
  await store.commit(issued(row, audited(by, 'participant.certificate_issued', participant, data, now)));
}

function newRow(row: Omit<CredentialRow, 'revoked_at' | 'used_at' | 'created_at' | 'rev'>, now: number): CredentialRow {
  return { ...row, revoked_at: null, used_at: null, created_at: now, rev: 1 };
}

function issued(row: CredentialRow, entry: AuditEntry): Change {
  return { rows: [{ op: 'insert', table: 'credentials', row }], audit: [entry] };
}

/** A line of the audit log about a participant. */
export function audited(
  { principal, trace }: Actor,
  action: string,
  participant: string,
  data: AuditEntry['data'],
  now: number,
): AuditEntry {
  return { at: now, principal, action, object: `participant:${participant}`, data, trace };
}

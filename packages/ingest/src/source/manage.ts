import { randomBytes } from 'node:crypto';
import { nearest, newSecret, sha256 } from '@counterpoint/core';
import { type AuditEntry, type Causality, type Change, mergeChanges, type SourceRow } from '@counterpoint/events';
import type { Vault } from '@counterpoint/vault';
import { errors } from '../errors.ts';

/** What managing sources needs. */
export interface SourceContext {
  readonly vault: Pick<Vault, 'seal' | 'remove'>;
  /** Ids of the normalisers that exist. */
  readonly normalizers: { has(id: string): boolean; keys(): Iterable<string> };
  /** On whose rights, in which trace; goes into the audit entry. */
  readonly by: Pick<Causality, 'principal' | 'trace'>;
  /** Unix milliseconds. */
  readonly now: number;
}

/** A source to be made. */
export interface SourceRequest {
  /** Lower-case letters, digits, `_` and `-`; part of the webhook's address. */
  readonly id: string;
  readonly title: string;
  /** Id of a normaliser; empty for a source that only starts playbooks. */
  readonly normalizer: string;
  readonly auth: 'token' | 'signature';
  /** How long findings with one key are counted on one alert, in milliseconds: 0 to 90 days. */
  readonly dedupWindow: number;
  readonly simulated?: boolean;
}

/** A source with its token or signing secret, which nobody can read again. */
export interface SourceWithSecret {
  readonly row: SourceRow;
  readonly secret: string;
  /** Nothing is written before it is committed; an id that is taken is `events.conflict`. */
  readonly change: Change;
}

/** What may be changed of a source. */
export type SourcePatch = Partial<Pick<SourceRow, 'title' | 'normalizer' | 'dedup_window' | 'enabled'>>;

const MAX_WINDOW = 90 * 86_400_000;
const SIGNING_KEY_BYTES = 32;

/** Makes a source. @throws ingest.source_invalid */
export function createSource(request: SourceRequest, context: SourceContext): SourceWithSecret {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(request.id)) {
    throw errors.source_invalid({ reason: 'the id must be lower-case letters, digits, _ and -, up to 63' });
  }
  requireValid(request.normalizer, request.dedupWindow, context);
  const { secret, auth, change } = newCredential(request.id, request.auth, context);
  const row: SourceRow = {
    id: request.id,
    title: request.title,
    kind: 'webhook',
    normalizer: request.normalizer,
    auth,
    dedup_window: request.dedupWindow,
    enabled: true,
    simulated: request.simulated ?? false,
    created_at: context.now,
    updated_at: context.now,
    rev: 1,
  };
  const audit = [audited('source.created', row, { auth: auth.kind, normalizer: row.normalizer }, context)];
  return { row, secret, change: mergeChanges(change, { rows: [{ op: 'insert', table: 'sources', row }], audit }) };
}

/**
 * Gives a source a new token or signing secret. The old token ends at once; the old signing secret stays valid until
 * the next rotation, so that a sender can change over without losing a delivery.
 */
export function rotateSource(source: SourceRow, context: SourceContext): SourceWithSecret {
  const { secret, auth: fresh, change } = newCredential(source.id, source.auth.kind, context);
  const before = source.auth.kind === 'signature' ? source.auth.secrets : [];
  const auth =
    fresh.kind === 'signature'
      ? { ...fresh, secrets: [...fresh.secrets, ...before.slice(0, 1)] }
      : { ...fresh, ...(source.auth.kind === 'token' ? { before: source.auth.hash } : {}) };
  const removed = before.slice(1).map((id) => context.vault.remove(id, context.by));
  const row: SourceRow = { ...source, auth, updated_at: context.now, rev: source.rev + 1 };
  const audit = [audited('source.rotated', row, { auth: auth.kind }, context)];
  return {
    row,
    secret,
    change: mergeChanges(change, { rows: [{ op: 'update', table: 'sources', row }], audit }, ...removed),
  };
}

/** Changes a source. @throws ingest.source_invalid */
export function updateSource(
  source: SourceRow,
  patch: SourcePatch,
  context: Omit<SourceContext, 'vault'>,
): { readonly row: SourceRow; readonly change: Change } {
  const row: SourceRow = { ...source, ...patch, updated_at: context.now, rev: source.rev + 1 };
  requireValid(row.normalizer, row.dedup_window, context);
  const audit = [audited('source.updated', row, { ...patch }, context)];
  return { row, change: { rows: [{ op: 'update', table: 'sources', row }], audit } };
}

function requireValid(normalizer: string, window: number, { normalizers }: Pick<SourceContext, 'normalizers'>): void {
  if (normalizer !== '' && !normalizers.has(normalizer)) {
    const near = nearest(normalizer, normalizers.keys());
    throw errors.source_invalid({
      reason: `there is no normaliser "${normalizer}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    });
  }
  if (!Number.isSafeInteger(window) || window < 0 || window > MAX_WINDOW) {
    throw errors.source_invalid({ reason: 'dedup_window must be between 0 and 90 days' });
  }
}

function newCredential(
  id: string,
  kind: SourceRow['auth']['kind'],
  { vault, by }: SourceContext,
): { readonly secret: string; readonly auth: SourceRow['auth']; readonly change: Change } {
  if (kind === 'token') {
    const secret = `cps_${newSecret()}`;
    return { secret, auth: { kind, hash: sha256(secret) }, change: {} };
  }
  const secret = `whsec_${randomBytes(SIGNING_KEY_BYTES).toString('base64')}`;
  const sealed = vault.seal(`Signing secret of source ${id}`, secret, by);
  return { secret, auth: { kind, secrets: [sealed.id] }, change: sealed.change };
}

function audited(
  action: string,
  row: SourceRow,
  data: AuditEntry['data'],
  { by, now }: Pick<SourceContext, 'by' | 'now'>,
): AuditEntry {
  return { at: now, principal: by.principal, action, object: `source:${row.id}`, data, trace: by.trace };
}

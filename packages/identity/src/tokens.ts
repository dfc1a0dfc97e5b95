import { type Clock, newId, newSecret } from '@counterpoint/core';
import type { AuditEntry, Store, TokenRow } from '@counterpoint/events';
import { errors } from './errors.ts';
import { isPermission, type Permission } from './permissions.ts';
import { authorise, type Principal } from './principal.ts';
import { hashSecret } from './secret-hash.ts';
import { requireText } from './text.ts';
import { formatToken } from './token-text.ts';

/** A token to be created. */
export interface TokenRequest {
  readonly title: string;
  readonly permissions: readonly string[];
  /** When it expires, Unix milliseconds; null for never. */
  readonly expiresAt: number | null;
}

/** A token as it may be shown: everything but its hash. */
export type TokenInfo = Omit<TokenRow, 'hash' | 'rev'>;

/** A token that was just created; `text` is shown this once. */
export interface NewToken {
  readonly text: string;
  readonly info: TokenInfo;
}

const LIST_LIMIT = 1_000;

/** Makes the row, text and audit entry of a token without checking rights or writing anything. */
export function draftToken(
  request: { title: string; permissions: readonly Permission[]; expiresAt: number | null; user: string },
  by: { readonly ref: string; readonly trace: string },
  now: number,
): { readonly row: TokenRow; readonly text: string; readonly audit: AuditEntry } {
  const id = newId(now);
  const secret = newSecret();
  const row: TokenRow = {
    id,
    user: request.user,
    title: request.title,
    hash: hashSecret(secret),
    permissions: request.permissions,
    created_at: now,
    expires_at: request.expiresAt,
    revoked_at: null,
    rev: 1,
  };
  const data = { user: row.user, title: row.title, permissions: row.permissions, expires_at: row.expires_at };
  const audit = { at: now, principal: by.ref, action: 'token.created', object: `token:${id}`, data, trace: by.trace };
  return { row, text: formatToken({ id, secret }), audit };
}

/** People's API tokens. */
export interface Tokens {
  /**
   * Creates a token for the principal's own user, with no more permissions than the principal has, and for no longer than a
   * token that asks for it lasts: one that was stolen ends when it was to end. Commits.
   *
   * @throws identity.forbidden without `token:write`, identity.escalation, identity.token_outlives, identity.request_invalid
   */
  create(by: Principal, request: TokenRequest, trace: string): Promise<NewToken>;
  /**
   * Revokes a token, at once and for good; nothing happens when it was revoked before. Commits. One's own tokens need
   * `token:write`; those of others `user:write` as well.
   *
   * @throws identity.forbidden, identity.token_unknown
   */
  revoke(by: Principal, id: string, trace: string): Promise<TokenInfo>;
  /**
   * The principal's own tokens, oldest first; with `user:write` everybody's. At most 1,000. Reads only.
   *
   * @throws identity.forbidden without `token:write`
   */
  list(by: Principal): Promise<readonly TokenInfo[]>;
}

/** Makes {@link Tokens}. */
export function createTokens(store: Store, clock: Clock): Tokens {
  return {
    async create(by, request, trace) {
      authorise(by, 'token:write');
      const now = clock.now();
      const title = requireText('title', request.title);
      const permissions = grantable(by, request.permissions);
      const { expiresAt } = request;
      if (expiresAt !== null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
        throw errors.request_invalid({ field: 'expiry', reason: 'it is not a time in the future' });
      }
      demandEnd(by, expiresAt);
      const draft = draftToken({ title, permissions, expiresAt, user: by.userId }, { ref: by.ref, trace }, now);
      await store.commit({ rows: [{ op: 'insert', table: 'tokens', row: draft.row }], audit: [draft.audit] });
      return { text: draft.text, info: infoOf(draft.row) };
    },
    async revoke(by, id, trace) {
      authorise(by, 'token:write');
      const row = await store.get('tokens', id);
      if (!row || !(row.user === by.userId || by.permissions.has('user:write'))) throw errors.token_unknown({ id });
      if (row.revoked_at !== null) return infoOf(row);
      const now = clock.now();
      const revoked = { ...row, revoked_at: now, rev: row.rev + 1 };
      const entry = { at: now, principal: by.ref, action: 'token.revoked', object: `token:${id}`, data: {}, trace };
      await store.commit({ rows: [{ op: 'update', table: 'tokens', row: revoked }], audit: [entry] });
      return infoOf(revoked);
    },
    async list(by) {
      authorise(by, 'token:write');
      const where = by.permissions.has('user:write') ? {} : { user: by.userId };
      return (await store.find('tokens', { where, limit: LIST_LIMIT })).map(infoOf);
    },
  };
}

/** @throws identity.token_outlives */
function demandEnd({ expiresAt: own }: Principal, wanted: number | null): void {
  if (own === undefined || (wanted !== null && wanted <= own)) return;
  throw errors.token_outlives({ at: new Date(own).toISOString() });
}

/** What may be shown of a token. */
export function infoOf(row: TokenRow): TokenInfo {
  const { hash: _hash, rev: _rev, ...info } = row;
  return info;
}

function grantable(by: Principal, requested: readonly string[]): Permission[] {
  const unknown = requested.filter((permission) => !isPermission(permission));
  if (unknown.length > 0) {
    throw errors.request_invalid({ field: 'permissions', reason: `there is no permission ${unknown.join(', ')}` });
  }
  const permissions = [...new Set(requested.filter(isPermission))].sort();
  if (permissions.length === 0) throw errors.request_invalid({ field: 'permissions', reason: 'none are named' });
  const missing = permissions.filter((permission) => !by.permissions.has(permission));
  if (missing.length > 0) throw errors.escalation({ permissions: missing.join(', ') });
  return permissions;
}

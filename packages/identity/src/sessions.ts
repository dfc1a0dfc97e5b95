import { createHmac } from 'node:crypto';
import { type Clock, newSecret } from '@counterpoint/core';
import type { AuditEntry, RowWrite, SessionRow, Store, UserRow } from '@counterpoint/events';
import { createAccessCache } from './access-cache.ts';
import { errors } from './errors.ts';
import { type Principal, principalOfUser } from './principal.ts';
import { hashSecret } from './secret-hash.ts';

/** How long a session lives, in milliseconds. */
export interface SessionLimits {
  /** Without a request. */
  readonly idle: number;
  /** In all, however busy it is. */
  readonly absolute: number;
}

/** A session that is being used. */
export interface SessionUse {
  readonly id: string;
  readonly user: Pick<UserRow, 'id' | 'name' | 'role'>;
  readonly principal: Principal;
  /** What a page must send with every change, to show that it can read what this session reads. */
  readonly csrf: string;
  readonly createdAt: number;
  /** When it was used last, Unix milliseconds; exact to a minute. */
  readonly seenAt: number;
  /** When it ends unless it is used before, Unix milliseconds. */
  readonly idleEndsAt: number;
  /** When it ends in any case, Unix milliseconds. */
  readonly endsAt: number;
}

/** A session as it may be shown to its user. */
export type SessionInfo = Pick<SessionRow, 'id' | 'created_at' | 'seen_at' | 'address' | 'user_agent'> & {
  readonly ends_at: number;
};

/** Where a sign-in came from, as far as it is known. */
export interface SignInPlace {
  readonly address: string;
  readonly userAgent: string;
}

/** A session to be written, and the secret that its browser is given. */
export interface DraftedSession {
  readonly secret: string;
  readonly id: string;
  readonly write: RowWrite;
  readonly audit: AuditEntry;
}

/** People's sessions in browsers. */
export interface Sessions {
  /** Makes a session of a user, which stands on the password that they have now, without writing anything. */
  draft(user: Pick<UserRow, 'id' | 'password_hash'>, place: SignInPlace, trace: string): DraftedSession;
  /**
   * Who a secret speaks for. A use counts against the idle limit and is written once a minute at most (more often where
   * that limit is short); `passive` looks without using it. A session that ended counts as such at once in this process, and after 5 s where another ended it.
   *
   * @throws identity.session_ended
   */
  use(secret: string, how?: 'active' | 'passive'): Promise<SessionUse>;
  /** Sessions of a user that have not ended, newest first. */
  list(userId: string): Promise<readonly SessionInfo[]>;
  /** Ends one session of a user; nothing happens when it has ended. Commits. @throws identity.session_unknown */
  end(userId: string, id: string, by: string, trace: string): Promise<void>;
  /** Stops listening to the store. */
  close(): void;
}

const TOUCH_MILLIS = 60_000;
const LIST_LIMIT = 1_000;
const PRUNE_LIMIT = 500;
const LONGEST_AGENT = 300;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

function csrfOf(secret: string): string {
  return createHmac('sha256', secret).update('counterpoint csrf').digest('base64url');
}

function ended(row: SessionRow, user: UserRow, limits: SessionLimits, now: number): boolean {
  const { revoked_at, seen_at, created_at, password_mark } = row;
  if (user.disabled || revoked_at !== null || password_mark !== hashSecret(user.password_hash)) return true;
  return now - seen_at >= limits.idle || now - created_at >= limits.absolute;
}

function draftSession(
  user: Pick<UserRow, 'id' | 'password_hash'>,
  { address, userAgent }: SignInPlace,
  trace: string,
  now: number,
): DraftedSession {
  const secret = newSecret();
  const id = hashSecret(secret);
  const row: SessionRow = {
    id,
    user: user.id,
    password_mark: hashSecret(user.password_hash),
    created_at: now,
    seen_at: now,
    address,
    user_agent: userAgent.toWellFormed().slice(0, LONGEST_AGENT),
    revoked_at: null,
    rev: 1,
  };
  const entry = { principal: `user:${user.id}`, action: 'session.opened', object: `session:${id}`, data: { address } };
  return { secret, id, write: { op: 'insert', table: 'sessions', row }, audit: { at: now, ...entry, trace } };
}

/** Notes that a session was used. */
async function touch(store: Store, row: SessionRow, idle: number, now: number): Promise<SessionRow> {
  if (now - row.seen_at < Math.min(TOUCH_MILLIS, idle / 10)) return row;
  const seen = { ...row, seen_at: now, rev: row.rev + 1 };
  try {
    await store.commit({ rows: [{ op: 'update', table: 'sessions', row: seen }] });
  } catch {
    // Another request was first, or the store is busy; what was asked for does not depend on it.
    return row;
  }
  return seen;
}

async function standingSessions(
  store: Store,
  limits: SessionLimits,
  userId: string,
  now: number,
): Promise<readonly SessionInfo[]> {
  const user = await store.get('users', userId);
  if (!user) return [];
  const where = { user: userId, created_at: { gt: now - limits.absolute } };
  const orderBy = [{ column: 'created_at', descending: true }] as const;
  const rows = await store.find('sessions', { where, orderBy, limit: LIST_LIMIT });
  return rows
    .filter((row) => !ended(row, user, limits, now))
    .map(({ id, created_at, seen_at, address, user_agent }) => {
      return { id, created_at, seen_at, address, user_agent, ends_at: created_at + limits.absolute };
    });
}

/** Makes {@link Sessions}. Only the SHA-256 of a secret is kept: it has 256 random bits. */
export function createSessions(store: Store, clock: Clock, limits: SessionLimits): Sessions {
  const cache = createAccessCache(store, clock, ['sessions', 'users'], async (id) => {
    const row = await store.get('sessions', id);
    const user = row && (await store.get('users', row.user));
    return row && user && { row, user };
  });
  return {
    draft: (user, place, trace) => draftSession(user, place, trace, clock.now()),
    async use(secret, how = 'active') {
      const known = SECRET.test(secret) ? await cache.load(hashSecret(secret)) : undefined;
      const now = clock.now();
      if (!known || ended(known.row, known.user, limits, now)) throw errors.session_ended();
      const { id, name, role } = known.user;
      const row = how === 'active' ? await touch(store, known.row, limits.idle, now) : known.row;
      return {
        id: row.id,
        user: { id, name, role },
        principal: principalOfUser(known.user),
        csrf: csrfOf(secret),
        createdAt: row.created_at,
        seenAt: row.seen_at,
        idleEndsAt: row.seen_at + limits.idle,
        endsAt: row.created_at + limits.absolute,
      };
    },
    list: (userId) => standingSessions(store, limits, userId, clock.now()),
    async end(userId, id, by, trace) {
      const row = await store.get('sessions', id);
      if (!row || row.user !== userId) throw errors.session_unknown({ id });
      if (row.revoked_at !== null) return;
      const at = clock.now();
      await store.commit({
        rows: [ending(row, at)],
        audit: [{ at, principal: by, action: 'session.ended', object: `session:${id}`, data: {}, trace }],
      });
    },
    close: cache.close,
  };
}

/** Removes sessions that were opened before a moment (Unix ms), some hundred at a time; gives how many. Commits. */
export async function pruneSessions(store: Store, before: number): Promise<number> {
  const rows = await store.find('sessions', { where: { created_at: { lt: before } }, limit: PRUNE_LIMIT });
  if (rows.length > 0) await store.commit({ rows: rows.map(({ id }) => ({ op: 'delete', table: 'sessions', id })) });
  return rows.length;
}

/** Ends a session whatever happened to it since it was read: a use in between must not keep it alive. */
function ending(row: SessionRow, at: number): RowWrite {
  return { op: 'put', table: 'sessions', row: { ...row, revoked_at: at, rev: row.rev + 2 } };
}

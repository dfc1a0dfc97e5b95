import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { AuditEntry, Store, UserRow } from '@counterpoint/events';
import { type AttemptPolicy, createAttemptLimit } from './attempt-limit.ts';
import { errors } from './errors.ts';
import { hashPassword, matchesPassword } from './password-hash.ts';
import { requirePassword } from './password-rules.ts';
import { type Principal, principalOfUser } from './principal.ts';
import type { DraftedSession, Sessions, SignInPlace } from './sessions.ts';

/** Who signs in, and from where. */
export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  readonly place: SignInPlace;
  readonly trace: string;
}

/** A password to be set. */
export interface PasswordRequest {
  /** The present one; undefined when there is none or it was forgotten. */
  readonly current: string | undefined;
  readonly password: string;
  /** Opens a session in place of those that end; undefined: none. */
  readonly place: SignInPlace | undefined;
  readonly trace: string;
}

/** The way in with name and password. */
export interface SignIn {
  /**
   * Opens a session. Whoever is refused is not told whether the name or the password was wrong, nor can tell by the time it
   * took; refusals and sign-ins are audited. Commits.
   *
   * @param replaces id of a session of the same browser, which ends.
   * @throws identity.sign_in_refused; identity.sign_in_limited after 5 attempts on a name or 20 from an address: the waits
   *   double from a second to a minute for a name, to a quarter of an hour for an address
   */
  open(request: SignInRequest, replaces?: string): Promise<DraftedSession>;
  /**
   * Sets the password of who asks; all their sessions end. Without the present one it needs a token with all the rights of
   * its user that does not expire, as the command line has: whoever has that has everything else too. Commits.
   *
   * @throws identity.sign_in_refused when the present one is wrong, identity.sign_in_limited, identity.password_needed,
   *   identity.password_weak
   */
  setPassword(by: Principal, request: PasswordRequest): Promise<DraftedSession | undefined>;
}

const MINUTE = 60_000;
const PER_NAME: AttemptPolicy = { free: 5, first: 1_000, longest: MINUTE, forgetAfter: 60 * MINUTE };
const PER_ADDRESS: AttemptPolicy = { free: 20, first: 1_000, longest: 15 * MINUTE, forgetAfter: 60 * MINUTE };

/** Makes {@link SignIn}. */
export function createSignIn(store: Store, clock: Clock, sessions: Sessions): SignIn {
  const limits = createLimits(clock);

  const refuse = async (user: UserRow | undefined, address: string, trace: string): Promise<never> => {
    // The name is not written: people type their password into the wrong field.
    const object = user ? `user:${user.id}` : 'system';
    const entry = { principal: 'anonymous', action: 'session.refused', object, data: { address }, trace };
    await store.commit({ audit: [{ at: clock.now(), ...entry }] });
    throw errors.sign_in_refused();
  };

  const proves = async (user: UserRow | undefined, password: string): Promise<boolean> =>
    (await matchesPassword(password, user?.password_hash ?? '')) && user?.disabled === false;

  return {
    async open({ name, password, place, trace }, replaces) {
      const wanted = name.trim();
      limits.take(wanted, place.address);
      const [user] = await store.find('users', { where: { name: wanted }, limit: 1 });
      if (!(await proves(user, password)) || !user) return refuse(user, place.address, trace);
      limits.clear(wanted, place.address);
      const drafted = sessions.draft(user, place, trace);
      await store.commit({ rows: [drafted.write], audit: [drafted.audit] });
      if (replaces !== undefined) await endQuietly(sessions, user.id, replaces, trace);
      return drafted;
    },
    async setPassword(by, { current, password, place, trace }) {
      const user = await store.get('users', by.userId);
      if (!user) throw errors.session_ended();
      if (current !== undefined && user.password_hash !== '') {
        limits.take(user.name, place?.address ?? by.ref);
        if (!(await proves(user, current))) await refuse(user, place?.address ?? '', trace);
        limits.clear(user.name, place?.address ?? by.ref);
      } else if (!hasAllRights(by, user)) throw errors.password_needed({ name: user.name });
      requirePassword(password, user.name);
      const changed = { ...user, password_hash: await hashPassword(password), rev: user.rev + 1 };
      const drafted = place && sessions.draft(changed, place, trace);
      const at = clock.now();
      const object = `user:${user.id}`;
      const entry: AuditEntry = { at, principal: by.ref, action: 'user.password_set', object, data: {}, trace };
      await store.commit({
        rows: [{ op: 'update', table: 'users', row: changed }, ...(drafted ? [drafted.write] : [])],
        audit: [entry, ...(drafted ? [drafted.audit] : [])],
      });
      return drafted;
    },
  };
}

/** A session may do everything, but it lies open on a desk: only a token proves that its holder keeps it. */
function hasAllRights(by: Principal, user: UserRow): boolean {
  return (
    by.ref.startsWith('token:') &&
    by.expiresAt === undefined &&
    by.permissions.size === principalOfUser(user).permissions.size
  );
}

async function endQuietly(sessions: Sessions, user: string, id: string, trace: string): Promise<void> {
  try {
    await sessions.end(user, id, `user:${user}`, trace);
  } catch (error) {
    // It was somebody else's in the same browser, and ends by itself.
    if (!isCounterpointError(error, 'identity.session_unknown')) throw error;
  }
}

function createLimits(clock: Clock) {
  const names = createAttemptLimit(clock, PER_NAME);
  const addresses = createAttemptLimit(clock, PER_ADDRESS);
  return {
    take(name: string, address: string): void {
      const wait = Math.max(addresses.take(address), names.take(name.slice(0, 200)));
      if (wait > 0) throw errors.sign_in_limited({ seconds: Math.ceil(wait / 1_000) });
    },
    clear(name: string, address: string): void {
      names.clear(name.slice(0, 200));
      addresses.clear(address);
    },
  };
}

import type { Clock } from '@counterpoint/core';
import type { Change, Store, TokenRow } from '@counterpoint/events';
import { errors } from './errors.ts';
import { type Principal, principalOfToken } from './principal.ts';
import { matchesHash } from './secret-hash.ts';
import { bearerOf, parseToken } from './token-text.ts';

/** Turns the `Authorization` header of a request into who is asking. */
export interface Authenticator {
  /**
   * Reads only. A changed token or user counts at once within this process, and after 5 s where another process
   * changed it.
   *
   * @throws identity.unauthenticated, identity.token_invalid, identity.token_expired, identity.token_revoked,
   *   identity.user_disabled
   */
  authenticate(header: string | undefined): Promise<Principal>;
  /** Stops listening to the store. */
  close(): void;
}

interface Known {
  readonly token: TokenRow;
  readonly principal: Principal;
  readonly disabled: boolean;
  readonly staleAt: number;
}

const CACHE_MILLIS = 5_000;
const CACHE_SIZE = 1_000;
const NO_HASH = '0'.repeat(64);

/** Makes an {@link Authenticator} with a small cache. */
export function createAuthenticator(store: Store, clock: Clock): Authenticator {
  const cache = new Map<string, Known>();
  let generation = 0;
  const stop = store.onCommitted((change) => {
    if (!touchesAccess(change)) return;
    generation += 1;
    cache.clear();
  });

  const load = async (id: string): Promise<Known | undefined> => {
    const cached = cache.get(id);
    if (cached && clock.now() < cached.staleAt) return cached;
    const before = generation;
    const token = await store.get('tokens', id);
    const user = token && (await store.get('users', token.user));
    if (!token || !user) return undefined;
    const staleAt = clock.now() + CACHE_MILLIS;
    const known = { token, principal: principalOfToken(token, user), disabled: user.disabled, staleAt };
    // What was read may be older than a change that was committed while reading: then it is used once, not kept.
    if (generation === before) {
      if (cache.size >= CACHE_SIZE) cache.clear();
      cache.set(id, known);
    }
    return known;
  };

  return {
    async authenticate(header) {
      if (!header) throw errors.unauthenticated();
      const parts = parseToken(bearerOf(header) ?? '');
      if (!parts) throw errors.token_invalid();
      const known = await load(parts.id);
      // An unknown id costs a comparison too, so that time does not tell which ids exist.
      if (!matchesHash(parts.secret, known?.token.hash ?? NO_HASH) || !known) throw errors.token_invalid();
      const { revoked_at, expires_at } = known.token;
      if (revoked_at !== null) throw errors.token_revoked({ at: new Date(revoked_at).toISOString() });
      if (expires_at !== null && clock.now() >= expires_at) {
        throw errors.token_expired({ at: new Date(expires_at).toISOString() });
      }
      if (known.disabled) throw errors.user_disabled();
      return known.principal;
    },
    close: stop,
  };
}

function touchesAccess(change: Change): boolean {
  return change.rows?.some(({ table }) => table === 'tokens' || table === 'users') ?? false;
}

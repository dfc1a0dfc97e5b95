import type { Clock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createAccessCache } from './access-cache.ts';
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

const NO_HASH = '0'.repeat(64);

/** Makes an {@link Authenticator} with a small cache. */
export function createAuthenticator(store: Store, clock: Clock): Authenticator {
  const cache = createAccessCache(store, clock, ['tokens', 'users'], async (id) => {
    const token = await store.get('tokens', id);
    const user = token && (await store.get('users', token.user));
    return token && user && { token, principal: principalOfToken(token, user), disabled: user.disabled };
  });
  return {
    async authenticate(header) {
      if (!header) throw errors.unauthenticated();
      const parts = parseToken(bearerOf(header) ?? '');
      if (!parts) throw errors.token_invalid();
      const known = await cache.load(parts.id);
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
    close: cache.close,
  };
}

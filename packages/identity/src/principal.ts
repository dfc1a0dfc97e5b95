import type { TokenRow, UserRow } from '@counterpoint/events';
import { errors } from './errors.ts';
import { isPermission, type Permission } from './permissions.ts';
import { permissionsOfRole } from './roles.ts';

/** Who acts, and what they may do. */
export interface Principal {
  /** Reference for rows and audit: `user:<id>` or `token:<id>`. */
  readonly ref: string;
  /** The person behind it. */
  readonly userId: string;
  readonly permissions: ReadonlySet<Permission>;
  /** When the token that speaks expires, Unix milliseconds; undefined: never, or it is no token. */
  readonly expiresAt?: number;
}

/** A person with all the rights of their role; with none when disabled. */
export function principalOfUser(user: UserRow): Principal {
  const permissions = user.disabled ? new Set<Permission>() : permissionsOfRole(user.role);
  return { ref: `user:${user.id}`, userId: user.id, permissions };
}

/** A token: what it was given, as far as its user still has it. */
export function principalOfToken(token: TokenRow, user: UserRow): Principal {
  const { permissions } = principalOfUser(user);
  const given = token.permissions.filter(isPermission).filter((permission) => permissions.has(permission));
  const expiry = token.expires_at === null ? {} : { expiresAt: token.expires_at };
  return { ref: `token:${token.id}`, userId: user.id, permissions: new Set(given), ...expiry };
}

/** Passes when the principal has the permission. @throws identity.forbidden */
export function authorise(principal: Principal, permission: Permission): void {
  if (!principal.permissions.has(permission)) throw errors.forbidden({ principal: principal.ref, permission });
}

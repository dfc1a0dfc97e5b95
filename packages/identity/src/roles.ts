import { PERMISSIONS, type Permission } from './permissions.ts';

const VIEWER = [
  'alert:read',
  'case:read',
  'table:read',
  'playbook:read',
  'run:read',
  'inbox:read',
  'effect:read',
  'fabric:read',
  'connection:read',
  'source:read',
] as const satisfies readonly Permission[];

const ANALYST = [
  ...VIEWER,
  'alert:write',
  'case:write',
  'table:write',
  'playbook:run',
  'inbox:decide',
  'effect:undo',
  'action:read',
  'action:notify',
  'action:change',
  'action:contain',
  'connection:use',
  'token:write',
] as const satisfies readonly Permission[];

const ENGINEER = [
  ...ANALYST,
  'playbook:publish',
  'run:operate',
  'fabric:operate',
  'fabric:write',
  'connection:write',
  'source:write',
  'guard:switch',
  'audit:read',
  'metrics:read',
  'settings:read',
] as const satisfies readonly Permission[];

/** Roles are sets of permissions. Only the owner may destroy, manage people and change settings. */
export const ROLES = {
  owner: new Set(Object.keys(PERMISSIONS) as Permission[]),
  engineer: new Set<Permission>(ENGINEER),
  analyst: new Set<Permission>(ANALYST),
  viewer: new Set<Permission>(VIEWER),
} as const satisfies Record<string, ReadonlySet<Permission>>;

/** The name of a role. */
export type Role = keyof typeof ROLES;

const NOTHING: ReadonlySet<Permission> = new Set();

/** The permissions of a role; none for a name that is no role. */
export function permissionsOfRole(role: string): ReadonlySet<Permission> {
  return Object.hasOwn(ROLES, role) ? ROLES[role as Role] : NOTHING;
}

import { endpoints } from '@counterpoint/contracts';
import { PERMISSIONS, ROLES } from '@counterpoint/identity';
import { GENERATED, table } from './markdown.ts';

/** The reference page of permissions and roles. */
export async function permissionsPage(): Promise<string> {
  const roles = Object.entries(ROLES);
  const asked = new Map<string, string[]>();
  for (const { method, path, permission } of Object.values(endpoints))
    asked.set(permission, [...(asked.get(permission) ?? []), `\`${method} ${path}\``]);
  const rows = Object.entries(PERMISSIONS).map(([permission, meaning]) => [
    `\`${permission}\``,
    meaning,
    ...roles.map(([, permissions]) => ((permissions as ReadonlySet<string>).has(permission) ? 'yes' : '')),
    (asked.get(permission) ?? []).join(', '),
  ]);
  return `${GENERATED}
# Permissions

Roles are sets of permissions. A token has permissions of its own choice, at most those of its user. A playbook acts with
the permissions of whoever published it. Every action needs \`action:<its effect class>\` besides what stands here, and
\`connection:use\` where it acts through a connection.

${table(['permission', 'allows', ...roles.map(([role]) => role), 'operations that ask for it'], rows)}

Operations marked \`self:read\` and \`self:write\` in [the HTTP API](http-api.md) ask for a session or a valid token and no more;
what they read and change is one's own.
`;
}

/** Every permission, as `<noun>:<verb>`, with what it lets one do. */
export const PERMISSIONS = {
  'alert:read': 'See alerts, their raw input, observables and traces',
  'alert:write': 'Change alerts: status, verdict, case',
  'case:read': 'See cases and their timelines',
  'case:write': 'Open and change cases',
  'table:read': 'See the tables that playbooks keep',
  'table:write': 'Change rows of those tables',
  'playbook:read': 'See playbooks and their versions',
  'playbook:run': 'Start runs of published playbooks',
  'playbook:publish': 'Publish playbooks; they act with the rights of who published them',
  'run:read': 'See runs and their traces',
  'run:operate': 'Retry, skip and migrate runs, with other arguments and outputs than their own',
  'inbox:read': 'See what waits for people, and what approvals would let happen',
  'inbox:decide': 'Approve, deny, answer and delegate what one is asked',
  'effect:read': 'See the changes that are in force',
  'effect:undo': 'Undo changes and end their leases',
  'action:read': 'Call actions that only look things up',
  'action:notify': 'Call actions that tell people something',
  'action:change': 'Call actions that change something without cutting anything off',
  'action:contain': 'Call actions that cut something off for a time: block, isolate, disable',
  'action:destroy': 'Call actions that cannot be undone',
  'fabric:read': 'See participants, services, topics, reactions, what is held and what nobody could deal with',
  'fabric:operate': 'Release or discard held events, replay dead ones, rewind consumers',
  'fabric:write': 'Let participants in, change their rights, issue and revoke their credentials',
  'connection:read': 'See connections, without their credentials',
  'connection:write': 'Create and change connections and enter their credentials',
  'connection:use': 'Name a connection in a call, a playbook or a test',
  'source:read': 'See the sources that alerts come from',
  'source:write': 'Create and change sources',
  'token:write': "Create, list and revoke API tokens of one's own",
  'user:write': 'Manage the access of other people, their tokens included',
  'guard:switch': 'Engage and release the kill switches',
  'audit:read': 'Read, verify and export the audit log',
  'metrics:read': 'Read the metrics of the server',
  'settings:read': 'See settings',
  'settings:write': 'Change settings',
} as const;

/** The name of a permission. */
export type Permission = keyof typeof PERMISSIONS;

/** Whether `name` is a permission. */
export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}

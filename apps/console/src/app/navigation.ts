import {
  IconAlertTriangle,
  IconBriefcase,
  IconChecklist,
  IconHistory,
  IconHome,
  IconLock,
  IconPlayerPlay,
  IconPlug,
  IconSchema,
  IconSettings,
  IconShare3,
  IconTarget,
  type TablerIcon,
} from '@tabler/icons-react';
import { mayOf, useSession } from './session.tsx';

/** One screen of the navigation. */
export interface Place {
  readonly path: string;
  readonly title: string;
  readonly icon: TablerIcon;
  /** The letter that leads there after `g`. */
  readonly key: string;
  /** What the reader must be allowed to find it useful. */
  readonly permission: string;
  /** Counter of `GET /status` that is shown beside it. */
  readonly count?: string;
  /** Whether the count asks for somebody. Default false: it only informs. */
  readonly urgent?: boolean;
}

/** The navigation in groups, in the order of a working day. */
const NAVIGATION: readonly (readonly Place[])[] = [
  [
    { path: '/', title: 'Overview', icon: IconHome, key: 'o', permission: 'self:read' },
    {
      path: '/alerts',
      title: 'Alerts',
      icon: IconAlertTriangle,
      key: 'a',
      permission: 'alert:read',
      count: 'new_alerts',
    },
    { path: '/cases', title: 'Cases', icon: IconBriefcase, key: 'c', permission: 'case:read', count: 'open_cases' },
    {
      path: '/approvals',
      title: 'Approvals',
      icon: IconChecklist,
      key: 'i',
      permission: 'inbox:read',
      count: 'waiting_for_people',
      urgent: true,
    },
  ],
  [
    { path: '/playbooks', title: 'Playbooks', icon: IconSchema, key: 'p', permission: 'playbook:read' },
    { path: '/runs', title: 'Runs', icon: IconPlayerPlay, key: 'r', permission: 'run:read', count: 'unfinished_runs' },
    {
      path: '/fabric',
      title: 'Fabric',
      icon: IconShare3,
      key: 'f',
      permission: 'fabric:read',
      count: 'dead_events',
      urgent: true,
    },
    {
      path: '/effects',
      title: 'Changes in force',
      icon: IconTarget,
      key: 'e',
      permission: 'effect:read',
      count: 'changes_in_force',
    },
  ],
  [
    { path: '/connectors', title: 'Connectors', icon: IconPlug, key: 'n', permission: 'connection:read' },
    { path: '/sources', title: 'Sources', icon: IconHistory, key: 's', permission: 'source:read' },
    { path: '/audit', title: 'Audit', icon: IconLock, key: 'u', permission: 'audit:read' },
    { path: '/settings', title: 'Settings', icon: IconSettings, key: 'x', permission: 'self:read' },
  ],
];

/** The navigation as far as whoever looks may use it. */
export function useNavigation(): readonly (readonly Place[])[] {
  const session = useSession();
  const groups = NAVIGATION.map((group) => group.filter(({ permission }) => mayOf(session, permission)));
  return groups.filter((group) => group.length > 0);
}

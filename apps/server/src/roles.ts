import type { Config } from './config/settings.ts';
import { errors } from './errors.ts';

/** What a process does: take in and answer (`api`), run playbooks (`worker`), or both. */
export interface Roles {
  readonly api: boolean;
  readonly worker: boolean;
  /** This process is the only one on its store. */
  readonly alone: boolean;
}

/** The roles that a configuration asks for. @throws server.role_alone, server.edge_store */
export function rolesOf(config: Pick<Config, 'server.roles' | 'store.url' | 'bus.url'>): Roles {
  const role = config['server.roles'];
  const alone = config['store.url'] === '';
  if (role === 'edge' && (!alone || config['bus.url'] !== '')) throw errors.edge_store();
  if (alone && role !== 'all' && role !== 'edge') throw errors.role_alone({ role });
  return { api: role !== 'worker' && role !== 'edge', worker: role !== 'api', alone };
}

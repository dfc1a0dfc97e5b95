import type { SessionLimits } from '@counterpoint/identity';
import type { Config } from './config/settings.ts';

/** How long people stay signed in, as it is configured. */
export function sessionLimits(config: Pick<Config, 'session.idle_minutes' | 'session.absolute_hours'>): SessionLimits {
  return { idle: config['session.idle_minutes'] * 60_000, absolute: config['session.absolute_hours'] * 3_600_000 };
}

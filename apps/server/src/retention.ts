import { pruneOld, type RetentionPolicy } from '@counterpoint/engine';
import type { Config } from './config/settings.ts';
import type { Foundations } from './foundations.ts';

const DAY = 86_400_000;

const daysOf = (days: number): number | null => (days === 0 ? null : days * DAY);

/** How long things are kept, as it is configured. */
export function retentionOf(config: Config): RetentionPolicy {
  return {
    runs: daysOf(config['retention.run_days']),
    events: daysOf(config['retention.event_days']),
    rawInputs: daysOf(config['retention.raw_input_days']),
  };
}

/** Removes what is older than is kept and no longer needed, a little at a time. */
export async function removeOld({ store, clock, config, log }: Foundations, stopping: () => boolean): Promise<void> {
  const pruned = await pruneOld({ store, clock, policy: retentionOf(config), stopping });
  if (Object.values(pruned).some((count) => count > 0)) log.info({ ...pruned }, 'removed what was no longer kept');
}

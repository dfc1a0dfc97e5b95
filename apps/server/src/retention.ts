import { pruneAnswers } from '@counterpoint/api';
import { pruneOld, type RetentionPolicy } from '@counterpoint/engine';
import { pruneReactions } from '@counterpoint/fabric';
import { pruneSessions } from '@counterpoint/identity';
import type { Config } from './config/settings.ts';
import type { Foundations } from './foundations.ts';
import { sessionLimits } from './session-limits.ts';

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
  const age = daysOf(config['retention.event_days']);
  const reactions = await pruneReactions(store, clock.now(), age === null ? null : clock.now() - age);
  const sessions = await pruneSessions(store, clock.now() - sessionLimits(config).absolute);
  const answers = await pruneAnswers(store, clock.now());
  const removed = { ...pruned, reactions, sessions, answers };
  if (Object.values(removed).some((count) => count > 0)) log.info(removed, 'removed what was no longer kept');
}

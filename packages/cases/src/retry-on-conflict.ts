import { isCounterpointError } from '@counterpoint/core';

const ATTEMPTS = 10;

/**
 * Runs `attempt` again, up to ten times in all (or as often as `attempts` says), when its commit met a row that
 * somebody else changed in the meantime. The attempt must read what it changes anew each time.
 *
 * @throws events.conflict when it never got through, and whatever else `attempt` throws.
 */
export async function retryOnConflict<Result>(
  attempt: () => Promise<Result>,
  attempts: number = ATTEMPTS,
): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (count >= attempts || !isCounterpointError(error, 'events.conflict')) throw error;
    }
  }
}

import { createScheduler } from '@counterpoint/engine';
import type { Automation } from './automation.ts';
import type { Duty } from './duties.ts';
import type { Foundations } from './foundations.ts';

/** The work of starting runs at the times that schedule triggers name. */
export function scheduleDuty(
  { store, clock, log }: Pick<Foundations, 'store' | 'clock' | 'log'>,
  { plans, engine }: Pick<Automation, 'plans' | 'engine'>,
): Duty {
  return {
    name: 'schedules',
    async begin() {
      const scheduler = createScheduler({
        store,
        clock,
        plans,
        startRun: (request) => engine.startRun(request),
        onProblem: (schedule, error) => log.error({ schedule, err: String(error) }, 'a schedule could not start a run'),
      });
      scheduler.start();
      return () => scheduler.stop();
    },
  };
}

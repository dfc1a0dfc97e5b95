import type { LeaseKeeper } from '@counterpoint/actions';
import type { Duty } from './duties.ts';

/**
 * Ends leases. What was due while nobody was there is worked off beside everything else: a product that hangs holds up
 * neither the start of the server nor its other duties.
 */
export function leaseDuty(keeper: LeaseKeeper): Duty {
  return {
    name: 'leases',
    async begin() {
      const started = keeper.start();
      return async () => {
        await keeper.stop();
        await started;
      };
    },
  };
}

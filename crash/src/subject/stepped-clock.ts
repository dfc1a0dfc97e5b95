import { type Clock, systemClock } from '@counterpoint/core';

/** The machine's clock, set forward or back by an offset that can be changed while it runs. */
export interface SteppedClock extends Clock {
  /** @param offset milliseconds */
  set(offset: number): void;
}

/** Makes a {@link SteppedClock}. @param first the offset that it begins with */
export function createSteppedClock(first: number): SteppedClock {
  let offset = first;
  return {
    ...systemClock,
    now: () => systemClock.now() + offset,
    set(next) {
      offset = next;
    },
  };
}

import type { Clock } from '@counterpoint/core';
import type { ServiceRow } from '@counterpoint/events';

/** Instances whose process ended a moment ago: who offered them is about to connect again. */
export interface Expected {
  /** These were registered when their process ended. */
  expect(rows: readonly ServiceRow[]): void;
  /** Whether one that would serve is still awaited. */
  isAwaited(serves: (row: ServiceRow) => boolean): boolean;
  /** Resolves when `arrived` says so, or when none that would serve is awaited any more. @param most milliseconds */
  wait(serves: (row: ServiceRow) => boolean, arrived: () => boolean, most: number): Promise<void>;
}

/** How long they are awaited, in milliseconds. */
const PATIENCE = 20_000;
const LOOK = 50;

/** Makes an {@link Expected} that awaits nobody. */
export function createExpected(clock: Clock): Expected {
  let awaited: readonly { readonly row: ServiceRow; readonly until: number }[] = [];
  const isAwaited = (serves: (row: ServiceRow) => boolean): boolean => {
    const now = clock.monotonic();
    awaited = awaited.filter(({ until }) => until > now);
    return awaited.some(({ row }) => serves(row));
  };
  return {
    expect(rows) {
      const until = clock.monotonic() + PATIENCE;
      awaited = [...awaited, ...rows.map((row) => ({ row, until }))];
    },
    isAwaited,
    async wait(serves, arrived, most) {
      const end = clock.monotonic() + most;
      while (!arrived() && isAwaited(serves) && clock.monotonic() < end) {
        await new Promise<void>((resolve) => clock.after(LOOK, resolve));
      }
    },
  };
}

import type { TallyGroup } from '@counterpoint/events';

/** A stretch of time up to now, in slices that are aligned to Unix time; the first may be cut short. */
export interface Stretch {
  /** When its first slice begins (Unix ms). */
  readonly from: number;
  /** Milliseconds. */
  readonly width: number;
  readonly starts: readonly number[];
}

const HOUR = 3_600_000;

/** The last 24 hours by the hour. */
export const dayOf = (now: number): Stretch => stretch(now, 24, HOUR);

/** The last 7 days by 6 hours. */
export const weekOf = (now: number): Stretch => stretch(now, 28, 6 * HOUR);

function stretch(now: number, count: number, width: number): Stretch {
  const last = Math.floor(now / width) * width;
  const starts = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * width);
  return { from: starts[0] ?? last, width, starts };
}

/** What was counted in each slice of a stretch; slices without anything count 0. Finer groups are added up. */
export function countsIn({ starts, width }: Stretch, groups: readonly TallyGroup[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const { slice, count } of groups) {
    const start = Math.floor(slice / width) * width;
    counts.set(start, (counts.get(start) ?? 0) + count);
  }
  return starts.map((start) => counts.get(start) ?? 0);
}

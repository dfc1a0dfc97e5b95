/** When a session ends, all in Unix milliseconds. */
export interface SessionEnds {
  /** When it was used last. */
  readonly seen_at: number;
  /** Unless it is used before. */
  readonly idle_ends_at: number;
  /** In any case. */
  readonly ends_at: number;
}

/** What somebody is to be told of the end of their session. */
export interface Ending {
  readonly why: 'idle' | 'absolute';
  readonly at: number;
}

const MINUTE = 60_000;

/**
 * The end that is near; undefined as long as none is. Told a minute before (WCAG 2.2.1 asks for 20 s), less where the whole
 * limit is short; five minutes where nothing helps but to come to an end.
 */
export function nearEnding({ seen_at, idle_ends_at, ends_at }: SessionEnds, now: number): Ending | undefined {
  const isNear = (at: number, before: number) => at - before <= now && now < at;
  if (isNear(ends_at, 5 * MINUTE)) return { why: 'absolute', at: ends_at };
  const before = Math.min(MINUTE, (idle_ends_at - seen_at) / 2);
  return isNear(idle_ends_at, before) ? { why: 'idle', at: idle_ends_at } : undefined;
}

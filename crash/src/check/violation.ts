/** The guarantees of the engine, by number, as `docs/explanation/crash-tests.md` lists them. */
export const guarantees = {
  1: 'a webhook answered 2xx has exactly one run, or a recorded decision',
  2: 'no run is lost or stuck',
  3: 'a completed step is never executed again',
  4: 'effects happen at most once and once more for each crash in flight, always with the same key',
  5: 'what may have happened and may not be repeated is never repeated blindly',
  6: 'timers fire once, never early, and not later than a second after they can',
  7: 'approvals survive and apply once',
  8: 'leases end by an undo of what we did, and of nothing else',
  9: 'an end never changes',
  10: 'a restored backup acts only after what is newer than it was reconciled',
  zombie: 'a process that lost its runs neither writes nor sends for them, and others take them over within 10 s',
  suite: 'the suite itself hurts the product where it means to',
  journal: 'the journal is whole: no gap, no step back, nothing after the end',
} as const;

export type Guarantee = keyof typeof guarantees;

/** A guarantee that did not hold. */
export interface Violation {
  readonly guarantee: Guarantee;
  /** What was found, with run, step and times. */
  readonly what: string;
  /** The lines of the journals that show it. */
  readonly evidence: readonly string[];
}

/** Makes a {@link Violation}. */
export function violation(guarantee: Guarantee, what: string, ...evidence: readonly unknown[]): Violation {
  return { guarantee, what, evidence: evidence.map((item) => JSON.stringify(item)) };
}

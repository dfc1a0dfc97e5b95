/** The port for time: everything that waits or stamps takes a `Clock`, so that tests can move it. */
export interface Clock {
  /** Unix milliseconds. It may jump, when somebody sets the machine's clock. */
  now(): number;
  /** Milliseconds since some moment in the past: never jumps and never runs backwards. For measuring how long. */
  monotonic(): number;
  /**
   * Calls `callback` once, `delay` milliseconds from now, never early; the returned function cancels it. It measures
   * how long, and so is not moved by a jump of {@link Clock.now}.
   */
  after(delay: number, callback: () => void): () => void;
}

const MAX_TIMEOUT = 2_147_483_647;

/** The machine's clock. Delays beyond Node's 24.8-day timer limit are chained. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, callback) {
    const due = performance.now() + delay;
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = due - performance.now();
      timer = setTimeout(left > 0 ? arm : callback, Math.min(Math.max(Math.ceil(left), 0), MAX_TIMEOUT));
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until told to move; due callbacks run in order of their time. */
export interface ManualClock extends Clock {
  /** Moves on by `millis` and runs everything that became due. */
  advance(millis: number): void;
  /** Sets what {@link Clock.now} says forward or back, as a person who sets the machine's clock does. No time passes. */
  step(millis: number): void;
  /** How many callbacks are waiting. */
  readonly pending: number;
  /** When the earliest of them is due (Unix milliseconds); undefined when none waits. */
  readonly nextDue: number | undefined;
}

/** Makes a {@link ManualClock}. @param start Unix milliseconds, default 2026-01-01T00:00:00Z. */
export function manualClock(start: number = Date.UTC(2026, 0, 1)): ManualClock {
  let passed = 0;
  let offset = start;
  let waiting: { due: number; callback: () => void }[] = [];
  return {
    now: () => offset + passed,
    monotonic: () => passed,
    after(delay, callback) {
      const entry = { due: passed + Math.max(0, delay), callback };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(millis) {
      const target = passed + millis;
      for (;;) {
        const next = waiting.filter((entry) => entry.due <= target).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        waiting = waiting.filter((entry) => entry !== next);
        passed = Math.max(passed, next.due);
        next.callback();
      }
      passed = target;
    },
    step(millis) {
      offset += millis;
    },
    get pending() {
      return waiting.length;
    },
    get nextDue() {
      return waiting.length === 0 ? undefined : offset + Math.min(...waiting.map(({ due }) => due));
    },
  };
}

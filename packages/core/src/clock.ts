/** The port for time: everything that waits or stamps takes a `Clock`, so that tests can move it. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Calls `callback` once, `delay` milliseconds from now (never early); the returned function cancels it. */
  after(delay: number, callback: () => void): () => void;
}

const MAX_TIMEOUT = 2_147_483_647;

/** The machine's clock. Delays beyond Node's 24.8-day timer limit are chained. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, callback) {
    const due = Date.now() + delay;
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = due - Date.now();
      timer = setTimeout(left > 0 ? arm : callback, Math.min(Math.max(left, 0), MAX_TIMEOUT));
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until told to move; due callbacks run in order of their time. */
export interface ManualClock extends Clock {
  /** Moves on by `millis` and runs everything that became due. */
  advance(millis: number): void;
  /** How many callbacks are waiting. */
  readonly pending: number;
  /** When the earliest of them is due (Unix milliseconds); undefined when none waits. */
  readonly nextDue: number | undefined;
}

/** Makes a {@link ManualClock}. @param start Unix milliseconds, default 2026-01-01T00:00:00Z. */
export function manualClock(start: number = Date.UTC(2026, 0, 1)): ManualClock {
  let now = start;
  let waiting: { due: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(delay, callback) {
      const entry = { due: now + Math.max(0, delay), callback };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(millis) {
      const target = now + millis;
      for (;;) {
        const next = waiting.filter((entry) => entry.due <= target).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        waiting = waiting.filter((entry) => entry !== next);
        now = Math.max(now, next.due);
        next.callback();
      }
      now = target;
    },
    get pending() {
      return waiting.length;
    },
    get nextDue() {
      return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ due }) => due));
    },
  };
}

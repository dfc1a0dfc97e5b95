import type { ActiveRun } from './active-run.ts';

/** A stored timer that is due soon. */
export interface Expected {
  readonly id: string;
  readonly run: string;
  /** Unix milliseconds. */
  readonly due: number;
}

/** Watches the stored timers: what is due soon is kept in memory, everything else only in the store. */
export interface Alarms {
  /** A timer stands in the store. Nothing is kept of one that is due later than soon. */
  expect(timer: Expected): void;
  /** Looks at the store for what is due now or soon. */
  look(): Promise<void>;
  /** Begins to look at the store, and gives the way to stop. */
  start(): () => void;
}

/** Brings runs back into memory that something waits for in the store. */
export interface Wakes {
  /**
   * Reads a run back and hands it its signals and what is due. Never waits and never fails: what does not fit now is
   * found again when the store is looked at the next time.
   */
  wake(run: string): void;
  /**
   * The run in memory, taken over when nobody owns it; undefined when it has ended or is somebody else's. It goes on
   * from where it was, but for one that has not begun: whoever gives it its turn begins it.
   */
  load(run: string): Promise<ActiveRun | undefined>;
  /** How many more may be woken now. */
  readonly room: number;
}

/** What was last seen of the ownership of another worker, and since when it stands so. */
export interface Sighting {
  readonly epoch: number;
  readonly seq: number;
  readonly lease_until: number;
  readonly since: number;
}

/** A run that is durable. `existing`: this trigger and key had started it before, and nothing was started now. */
export interface StartedRun {
  readonly run: string;
  readonly existing: boolean;
  /** The playbook drops what comes while a run with the same concurrency key is at work: `run` is that one. */
  readonly dropped?: true;
}

import type { Violation } from '../check/violation.ts';
import type { Session } from '../driver/session.ts';
import type { Break } from '../subject/orders.ts';

/** How a scenario is run. */
export interface ScenarioOptions {
  /** An empty folder for everything that it writes. */
  readonly folder: string;
  readonly seed: number;
  /** Random kills. */
  readonly kills: number;
  /** Runs that are started between the random kills, at least. */
  readonly runs: number;
  readonly break: Break | undefined;
  /** Of the enumerated failpoints every n-th one; 1: all. */
  readonly every: number;
  /** Longest time that everything may take to come to its end after the last crash, in milliseconds. */
  readonly patience: number;
  readonly say: (line: string) => void;
}

/** What a scenario did and found. */
export interface ScenarioResult {
  readonly name: string;
  readonly figures: Figures;
  readonly violations: readonly Violation[];
  /** Why it did not run here; undefined when it did. */
  readonly skipped?: string;
  /** What is worth a line of the report. */
  readonly notes: readonly string[];
}

/** What is counted over all scenarios. */
export interface Figures {
  readonly kills: number;
  readonly runs: number;
  /** Changes that the oracle made. */
  readonly effects: number;
  /** Calls beyond the first with the same key. Allowed after a crash and for another attempt. */
  readonly repeats: number;
  /** Changes that were made more often than allowed. */
  readonly duplicates: number;
  /** What was acknowledged and is not there. */
  readonly losses: number;
  /** Milliseconds from the start of a process until it took in work. */
  readonly recoveries: readonly number[];
}

/** The figures of several sessions as those of one. */
export function addFigures(all: readonly Figures[]): Figures {
  const sum = (figure: (one: Figures) => number): number => all.reduce((total, one) => total + figure(one), 0);
  return {
    kills: sum(({ kills }) => kills),
    runs: sum(({ runs }) => runs),
    effects: sum(({ effects }) => effects),
    repeats: sum(({ repeats }) => repeats),
    duplicates: sum(({ duplicates }) => duplicates),
    losses: sum(({ losses }) => losses),
    recoveries: all.flatMap(({ recoveries }) => recoveries),
  };
}

/** A way to hurt the product, and what must hold all the same. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(options: ScenarioOptions): Promise<ScenarioResult>;
}

/** What happened in a session, for the checks. */
export type SessionFacts = Pick<
  Session,
  'world' | 'acknowledged' | 'kills' | 'downtimes' | 'stalls' | 'recoveries' | 'person' | 'sampler'
>;

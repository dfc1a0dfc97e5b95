import { isOwnRound } from './step-place.ts';
import type { RunFold, StepRecord, StepStatus } from './step-record.ts';

/** What became of one step of the playbook in a run, over all rounds of the loops that it is in. */
export interface StepSummary {
  /** Step id. */
  readonly step: string;
  /** How often it stands how. */
  readonly counts: Readonly<Partial<Record<StepStatus, number>>>;
  readonly total: number;
  readonly startedAt: number | null;
  /** Null while one of them goes on. */
  readonly endedAt: number | null;
  /** The shortest and the longest that ended, in milliseconds; null when none has. */
  readonly shortest: number | null;
  readonly longest: number | null;
  /** The most attempts that one of them needed. */
  readonly attempts: number;
  /** Of a loop, over all of its rounds; `total` is null when it is not known. */
  readonly rounds: { readonly total: number | null; readonly ended: number; readonly failed: number } | null;
  /** Names of the parts that were entered. */
  readonly taken: readonly string[];
  /** Address of the one that most wants to be looked at: what failed, is unknown or waits, before what went well. */
  readonly address: string;
  /** What that one waits for now; null when it does not. */
  readonly waitsFor: string | null;
  readonly errorCode: string | null;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What wants to be looked at first. */
const URGENCY: readonly StepStatus[] = [
  'unknown',
  'failed',
  'waiting',
  'running',
  'ready',
  'cancelled',
  'succeeded',
  'skipped',
];

/** Sums up the steps of a run by step id, in the order in which they began. */
export function summarise({ records }: RunFold): readonly StepSummary[] {
  const summaries = new Map<string, Mutable<StepSummary>>();
  const urgent = new Map<string, StepRecord>();
  for (const record of records.values()) {
    // The calls to the targets of a step are rounds of that step, which is counted itself.
    if (record.round !== null || isOwnRound(record)) continue;
    const summary = summaries.get(record.id) ?? emptySummary(record);
    summaries.set(record.id, summary);
    add(summary, record);
    const worst = urgent.get(record.id);
    if (!worst || URGENCY.indexOf(record.status) < URGENCY.indexOf(worst.status)) urgent.set(record.id, record);
  }
  for (const [step, record] of urgent) {
    const summary = summaries.get(step);
    if (!summary) continue;
    summary.address = record.address;
    const wait = record.waits.at(-1);
    summary.waitsFor = wait && wait.until === null ? wait.for : null;
    summary.errorCode = record.error?.code ?? null;
  }
  return [...summaries.values()];
}

function emptySummary({ id, address }: StepRecord): Mutable<StepSummary> {
  return {
    step: id,
    counts: {},
    total: 0,
    startedAt: null,
    endedAt: 0,
    shortest: null,
    longest: null,
    attempts: 0,
    rounds: null,
    taken: [],
    address,
    waitsFor: null,
    errorCode: null,
  };
}

function add(summary: Mutable<StepSummary>, record: StepRecord): void {
  const { status, startedAt, endedAt, attempts, rounds, taken } = record;
  const counts = summary.counts as Partial<Record<StepStatus, number>>;
  counts[status] = (counts[status] ?? 0) + 1;
  summary.total += 1;
  summary.attempts = Math.max(summary.attempts, attempts.length);
  if (startedAt !== null) summary.startedAt = Math.min(summary.startedAt ?? startedAt, startedAt);
  summary.endedAt = endedAt === null || summary.endedAt === null ? null : Math.max(summary.endedAt, endedAt);
  if (startedAt !== null && endedAt !== null) {
    const took = endedAt - startedAt;
    summary.shortest = Math.min(summary.shortest ?? took, took);
    summary.longest = Math.max(summary.longest ?? took, took);
  }
  if (rounds) {
    const before = summary.rounds;
    const known = before?.total !== null && rounds.total !== null;
    summary.rounds = {
      total: known ? (before?.total ?? 0) + (rounds.total ?? 0) : null,
      ended: (before?.ended ?? 0) + rounds.ended,
      failed: (before?.failed ?? 0) + rounds.failed,
    };
  }
  summary.taken = [...new Set([...summary.taken, ...taken])];
}

import { isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import { type Catalogue, createChangeWindows, type Plan, toJson } from '@counterpoint/playbook';
import { errorValue } from '../interpreter/error-value.ts';
import { type Difference, judge } from './judge.ts';
import type { ObservedRun } from './observe.ts';
import { perform } from './perform.ts';
import { type Became, becomes, describeBecame, judgeOutcome } from './react.ts';
import { newRecord, type RecordedCall, type RunRecord } from './record.ts';
import { startTrigger } from './start-trigger.ts';
import { createStubWorld } from './stub-world.ts';
import type { PlaybookTest, PlaybookTestFile } from './test-file.ts';

/** What rehearsing needs. */
export interface RehearsalOptions {
  /** A file that {@link checkTestFile} has no findings about. */
  readonly file: PlaybookTestFile;
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  /** When what is left is given up, by `performance.now()`: such tests fail and say so. Left out: it is not. */
  readonly until?: number | undefined;
}

/** How one test came out. */
export interface TestResult {
  readonly name: string;
  /** Line of the test in its file. */
  readonly line: number;
  readonly passed: boolean;
  /** How long it took, in milliseconds. */
  readonly millis: number;
  readonly differences: readonly Difference[];
  /** What makes a test fail whatever it expects, such as an action without a stub; sentences. */
  readonly problems: readonly string[];
  readonly run: ObservedRun;
  readonly calls: readonly RecordedCall[];
}

const DEFAULT_NOW = Date.UTC(2026, 0, 1);

/**
 * Runs a playbook's tests, one after another, on the real interpreter. Actions and called playbooks answer as stubbed,
 * nothing leaves the process, and time passes at once: retries and time-outs wait for nobody.
 */
export async function rehearse(options: RehearsalOptions): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  for (const test of options.file.tests) results.push(await rehearseOne(options, test));
  return results;
}

async function rehearseOne(options: RehearsalOptions, test: PlaybookTest): Promise<TestResult> {
  const began = performance.now();
  const record = newRecord();
  const { run, became } = await rehearsed(options, test, record);
  const problems = [...record.problems];
  const differences = [...judgeOutcome(test.expect, became), ...judge(test.expect, run, record)];
  return {
    name: test.name,
    line: test.position.line,
    passed: problems.length === 0 && differences.length === 0,
    millis: performance.now() - began,
    differences,
    problems,
    run,
    calls: record.calls,
  };
}

/** A reaction decides first whether its event becomes a run at all. */
async function rehearsed(
  options: RehearsalOptions,
  test: PlaybookTest,
  record: RunRecord,
): Promise<{ readonly run: ObservedRun; readonly became: Became | undefined }> {
  const became = becomes(options, test.given, test.given.now ?? DEFAULT_NOW);
  if (!became || became.outcome === 'started' || became.outcome === 'observed') {
    return { run: await runOf(options, test, record, became?.inputs), became };
  }
  return { run: notStarted(`the event is ${describeBecame(became)}`), became };
}

async function runOf(
  { plan, catalogue, until }: RehearsalOptions,
  { given }: PlaybookTest,
  record: RunRecord,
  fromEvent: JsonObject = {},
): Promise<ObservedRun> {
  const now = given.now ?? DEFAULT_NOW;
  const event: Json | undefined = given.event && toJson(given.event);
  const start = startTrigger(plan, event, given.trigger?.value, now, fromEvent);
  if (start.kind === 'refused') return notStarted(start.reason);
  const own = Object.fromEntries([...given.inputs].map(([name, { node }]) => [name, toJson(node)]));
  const inputs = { ...fromEvent, ...own };
  const windows = createChangeWindows(catalogue.calendars ?? new Map());
  const opening = { plan, inputs, event: event ?? null, now, run: 'test', startedBy: 'system', windows, until };
  try {
    return await perform(opening, createStubWorld(given, catalogue, record), record);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return { status: 'not_started', error: errorValue(error, ''), outputs: null, steps: [] };
  }
}

/** A run that no trigger lets begin. */
export function notStarted(reason: string): ObservedRun {
  const error = { code: 'engine.not_started', name: 'not_started', message: reason, step: '' };
  return { status: 'not_started', error, outputs: null, steps: [] };
}

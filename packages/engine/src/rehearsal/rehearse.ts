import { isCounterpointError, type Json, type JsonObject, manualClock, newId, newTraceId } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { type Catalogue, type Plan, toJson } from '@counterpoint/playbook';
import { errorValue } from '../interpreter/error-value.ts';
import { createEngine, type Engine } from '../worker/engine.ts';
import type { EngineProblem, FinishedRun } from '../worker/options.ts';
import { type Difference, judge } from './judge.ts';
import { nextAnswers } from './next-answer.ts';
import { type ObservedRun, observeSteps } from './observe.ts';
import { createQuietStore, type QuietStore } from './quiet-store.ts';
import { newRecord, type RecordedCall, type RunRecord } from './record.ts';
import { startTrigger } from './start-trigger.ts';
import { createStubDoor } from './stub-door.ts';
import { createStubPlans } from './stub-plans.ts';
import type { PlaybookTest, PlaybookTestFile } from './test-file.ts';

/** What rehearsing needs. */
export interface RehearsalOptions {
  /** A file that {@link checkTestFile} has no findings about. */
  readonly file: PlaybookTestFile;
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  /** Keeps the runs; meant to be thrown away afterwards. */
  readonly store: Store;
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

/** Nothing is waited for longer than this, in milliseconds of the rehearsal's own clock. */
const HORIZON = 400 * 86_400_000;
/** An ownership that no run outlives. */
const LEASE = 10 * HORIZON;
const DEFAULT_NOW = Date.UTC(2026, 0, 1);

/**
 * Runs a playbook's tests, one after another, on the real engine and a real store. Actions and called playbooks answer
 * as stubbed, nothing leaves the process, and time passes at once: retries and time-outs wait for nobody.
 */
export async function rehearse(options: RehearsalOptions): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  for (const test of options.file.tests) results.push(await rehearseOne(options, test));
  return results;
}

async function rehearseOne(options: RehearsalOptions, test: PlaybookTest): Promise<TestResult> {
  const began = performance.now();
  const record = newRecord();
  const run = await perform(options, test, record);
  const problems = [...record.problems];
  const differences = judge(test.expect, run, record);
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

async function perform(options: RehearsalOptions, test: PlaybookTest, record: RunRecord): Promise<ObservedRun> {
  const { plan } = options;
  const { given } = test;
  const now = given.now ?? DEFAULT_NOW;
  const event: Json | undefined = given.event && toJson(given.event);
  const start = startTrigger(plan, event, given.trigger?.value, now);
  if (start.kind === 'refused') {
    const error = { code: 'engine.not_started', name: 'not_started', message: start.reason, step: '' };
    return { status: 'not_started', error, outputs: null, steps: [] };
  }
  const stage = await setStage(options, test, record, now);
  const inputs = Object.fromEntries([...given.inputs].map(([name, { node }]) => [name, toJson(node)]));
  try {
    const trigger = { ...start.trigger, key: newId() };
    return await play(stage, { playbook: plan.id, trigger, inputs, event: event ?? null });
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return { status: 'not_started', error: errorValue(error, ''), outputs: null, steps: [] };
  } finally {
    stage.close();
    await stage.engine.stop();
  }
}

/** Everything that one test plays on. */
interface Stage {
  readonly engine: Engine;
  readonly quietStore: QuietStore;
  readonly trace: string;
  readonly ended: ReadonlyMap<string, FinishedRun>;
  /** Moves the clock to what is due next; false when nothing is, within the horizon. */
  passTime(): boolean;
  close(): void;
}

async function setStage(
  { plan, catalogue, store }: RehearsalOptions,
  { given }: PlaybookTest,
  record: RunRecord,
  now: number,
): Promise<Stage> {
  const clock = manualClock(now);
  const quietStore = createQuietStore(store);
  const trace = newTraceId();
  const ended = new Map<string, FinishedRun>();
  const close = store.onCommitted((change) => {
    for (const event of change.events ?? []) {
      if (event.trace === trace) record.published.push({ topic: event.type, data: event.data });
    }
  });
  const engine = createEngine({
    store: quietStore.store,
    door: createStubDoor({ plan, catalogue, record, answer: nextAnswers(given.actions, 'action', record) }),
    plans: createStubPlans({ plan, catalogue, record, answer: nextAnswers(given.playbooks, 'playbook', record) }),
    clock,
    workerId: newId(),
    version: 'rehearsal',
    exclusive: false,
    jitter: () => 0,
    limits: { leaseMillis: LEASE },
    bind: ({ capability }) => ({ connector: capability, action: capability, connection: undefined }),
    // Nobody settles anything by hand in a rehearsal.
    resolveEffect: async () => ({}),
    onFinished: (end) => ended.set(end.run, end),
    onProblem: (problem) => record.problems.add(describeProblem(problem)),
  });
  await engine.start();
  return {
    engine,
    quietStore,
    trace,
    ended,
    close,
    passTime() {
      const { nextDue } = clock;
      if (nextDue === undefined || nextDue > now + HORIZON) return false;
      clock.advance(Math.max(0, nextDue - clock.now()));
      return true;
    },
  };
}

function describeProblem({ kind, error }: EngineProblem): string {
  return `The engine met a ${kind === 'store' ? 'problem with its store' : 'defect'}: ${error}`;
}

async function play(
  { engine, quietStore, trace, ended, passTime }: Stage,
  request: { playbook: string; trigger: Parameters<Engine['startRun']>[0]['trigger']; inputs: JsonObject; event: Json },
): Promise<ObservedRun> {
  const causality = { principal: 'system', trace, cause: 'system', hop: 0 };
  const { run } = await engine.startRun({ ...request, causality });
  do await quietStore.quiet();
  while (!ended.has(run) && passTime());
  const steps = await observeSteps(quietStore.store, run);
  const finished = ended.get(run);
  if (!finished) return { status: 'unfinished', error: undefined, outputs: null, steps };
  const { status, outputs, error } = finished;
  return { status: status as ObservedRun['status'], outputs, error: error ?? undefined, steps };
}

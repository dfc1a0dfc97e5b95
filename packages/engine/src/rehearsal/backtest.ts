import { type Clock, canonicalJson, isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import type { AlertRow, RunRow, Store } from '@counterpoint/events';
import type { ChangeWindows, Plan } from '@counterpoint/playbook';
import { UNNAMED } from '../interpreter/target.ts';
import type { EventCheck } from '../playbooks/event-check.ts';
import type { EngineOptions } from '../worker/options.ts';
import { keepValuesApart } from '../worker/values.ts';
import { compareRuns, type Decided, type RunComparison } from './compare-runs.ts';
import type { ObservedRun } from './observe.ts';
import { perform } from './perform.ts';
import { newRecord } from './record.ts';
import { startingEvent } from './recorded-start.ts';
import { type Recording, readRecording } from './recording.ts';
import { notStarted } from './rehearse.ts';
import { createReplayWorld, effectOf, type ReplayNotes, type ReplayServices } from './replay-world.ts';
import type { Opening } from './stage.ts';
import { startTrigger } from './start-trigger.ts';

/** What backtests of one server go by. */
export interface BacktestServices extends Omit<ReplayServices, 'reader'> {
  readonly store: Store;
  readonly clock: Clock;
  /** What an alert trigger hands over for an alert. */
  readonly eventOfAlert: (alert: AlertRow) => Promise<Json>;
  readonly checkEvent?: EventCheck | undefined;
  readonly windows?: ChangeWindows | undefined;
  /** Who provides a capability now, for steps that act at every provider where nothing is recorded of it. */
  readonly bindAll?: EngineOptions['bindAll'];
}

/** One backtest. */
export interface BacktestRequest {
  /** The version that is tried. */
  readonly plan: Plan;
  /** Only what was recorded from this moment on, Unix milliseconds. */
  readonly since: number;
  /** At most so many runs and alerts. */
  readonly limit: number;
  /** Also alerts that started no run. */
  readonly alerts: boolean;
}

export type Verdict = AlertRow['verdict'];

/** A recorded run, decided once more. */
export interface ComparedRun extends RunComparison {
  /** Empty for an alert that started none. */
  readonly run: string;
  /** Id of the alert that it is about; empty when it is about none. */
  readonly alert: string;
  readonly at: number;
  readonly verdict: Verdict;
  readonly before: { readonly status: string; readonly contained: boolean };
  readonly after: { readonly status: string; readonly contained: boolean };
  /** Addresses of steps that the recording has no answer for. */
  readonly simulated: readonly string[];
}

/** How often what was contained is what analysts call malicious, and what was not is what they call benign. */
export interface Agreement {
  readonly agrees: number;
  readonly differs: number;
}

/** How another version would have decided. */
export interface Backtest {
  /** How many runs decided the same, and how many did not. */
  readonly same: number;
  readonly different: number;
  /** Runs in which at least one answer had to be simulated. */
  readonly simulated: number;
  /** `without`: runs about which analysts say neither `malicious` nor `benign`. */
  readonly verdicts: { readonly before: Agreement; readonly after: Agreement; readonly without: number };
  readonly compared: readonly ComparedRun[];
  /** Recorded runs that cannot be compared, and why. */
  readonly skipped: readonly { readonly run: string; readonly reason: string }[];
}

const PAGE = 100;

/**
 * Lets a version decide once more about what was recorded: each run's event and inputs with the recorded answers. Runs
 * beside the engine: nothing is sent or written, and other work gets its turn between two runs.
 */
export async function backtest(services: BacktestServices, request: BacktestRequest): Promise<Backtest> {
  const reader = keepValuesApart(services.store, services.clock);
  const replaying: Replaying = { ...services, reader };
  const compared: ComparedRun[] = [];
  const skipped: { run: string; reason: string }[] = [];
  for await (const { id, ...listed } of recordedRuns(services.store, request)) {
    try {
      const row = (await reader.get('runs', id)) ?? { id, ...listed };
      compared.push(await compareRun(replaying, request.plan, row));
    } catch (error) {
      if (!isCounterpointError(error)) throw error;
      skipped.push({ run: id, reason: error.message });
    }
    await otherWork();
  }
  const room = request.limit - compared.length - skipped.length;
  const listens = request.plan.triggers.some(({ kind }) => kind === 'alert');
  if (request.alerts && listens && room > 0) {
    for await (const alert of recordedAlerts(services.store, request.since, room)) {
      const one = await compareAlert(replaying, request.plan, alert);
      if (one) compared.push(one);
      await otherWork();
    }
  }
  return { compared, skipped, ...totalsOf(compared) };
}

/** Lets whatever else waits in this process have its turn. */
function otherWork(): Promise<void> {
  return new Promise((resume) => void setImmediate(resume));
}

type Replaying = BacktestServices & ReplayServices;

async function* recordedRuns(store: Store, { plan, since, limit }: BacktestRequest): AsyncGenerator<RunRow> {
  let left = limit;
  let last: RunRow | undefined;
  while (left > 0) {
    const rows: readonly RunRow[] = await store.find('runs', {
      where: { playbook: plan.id, created_at: { gte: since }, status: { in: ['succeeded', 'failed'] } },
      orderBy: [{ column: 'created_at', descending: true }],
      limit: Math.min(PAGE, left),
      ...(last ? { after: [last.created_at, last.id] } : {}),
    });
    yield* rows;
    left -= rows.length;
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}

async function* recordedAlerts(store: Store, since: number, limit: number): AsyncGenerator<AlertRow> {
  let left = limit;
  let last: AlertRow | undefined;
  while (left > 0) {
    const rows: readonly AlertRow[] = await store.find('alerts', {
      where: { created_at: { gte: since } },
      orderBy: [{ column: 'created_at', descending: true }],
      limit: Math.min(PAGE, left),
      ...(last ? { after: [last.created_at, last.id] } : {}),
    });
    yield* rows;
    left -= rows.length;
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}

async function compareRun(services: Replaying, plan: Plan, row: RunRow): Promise<ComparedRun> {
  const alert = alertOf(row.event);
  const old = (await services.plans.byVersion(row.version)).plan;
  const recording = await readRecording(services.reader, row, old);
  const before = decidedThen(recording, services);
  const { after, notes } = await decideAnew(services, plan, recording, startingEvent(row), row);
  const shared = (id: string): boolean => plan.byId.has(id) && old.byId.has(id);
  return {
    ...compareRuns(before, after, shared),
    run: row.id,
    alert,
    at: row.created_at,
    verdict: await verdictOf(services.store, alert, row.case_id),
    before: { status: before.status, contained: contains(before) },
    after: { status: after.status, contained: contains(after) },
    simulated: [...notes.simulated],
  };
}

/** An alert that started no run; undefined when it did, or when the tried version would not start one either. */
async function compareAlert(services: Replaying, plan: Plan, alert: AlertRow): Promise<ComparedRun | undefined> {
  const ran = await services.store.count('runs', { playbook: plan.id, trace: alert.trace });
  if (ran > 0) return undefined;
  const event = await services.eventOfAlert(alert);
  if (startTrigger(plan, event, undefined, alert.created_at).kind === 'refused') return undefined;
  const facts = { id: `alert-${alert.id}`, created_at: alert.created_at, inputs: {}, cause: 'system' };
  const { after, notes } = await decideAnew(services, plan, undefined, event, facts);
  const before: Decided = { status: 'not_started', error: '', outputs: null, steps: [], calls: [] };
  return {
    ...compareRuns(before, after, () => false),
    run: '',
    alert: alert.id,
    at: alert.created_at,
    verdict: await verdictOf(services.store, alert.id, null),
    before: { status: before.status, contained: false },
    after: { status: after.status, contained: contains(after) },
    simulated: [...notes.simulated],
  };
}

function decidedThen({ row, plan, steps, answers }: Recording, { catalogue }: Replaying): Decided {
  const calls = [...answers.values()].flatMap(({ address, input, status }) => {
    const step = plan.byId.get(address.slice(address.lastIndexOf('.') + 1));
    const call = { address, with: input ?? {}, succeeded: status === 'succeeded' };
    if (step?.verb === 'action') {
      return [{ ...call, name: `${step.alias}.${step.action}`, effect: effectOf(plan, step, catalogue) }];
    }
    return step?.verb === 'call' ? [{ ...call, name: step.playbook, effect: null }] : [];
  });
  const { status, outputs } = row;
  return { status, error: codeOf(row.error), outputs, steps, calls };
}

function codeOf(error: Json): string {
  return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
}

async function decideAnew(
  services: Replaying,
  plan: Plan,
  recording: Recording | undefined,
  event: Json | undefined,
  { id, created_at: now, inputs, cause }: Pick<RunRow, 'id' | 'created_at' | 'inputs' | 'cause'>,
): Promise<{ readonly after: Decided; readonly notes: ReplayNotes }> {
  const notes: ReplayNotes = { calls: [], simulated: new Set() };
  const start = startTrigger(plan, event, undefined, now);
  const given = givenInputs(inputs as JsonObject, recording?.plan);
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(plan.inputs, name));
  const { checkEvent, windows } = services;
  const targets: Opening['targets'] = (use) =>
    recording?.targets.get(use.capability) ?? services.bindAll?.(use) ?? [UNNAMED];
  const run: ObservedRun =
    start.kind === 'refused'
      ? notStarted(start.reason)
      : await perform(
          {
            plan,
            inputs: Object.fromEntries(known),
            event: event ?? recording?.row.event ?? null,
            now,
            run: id,
            startedBy: cause,
            checkEvent,
            windows,
            targets,
          },
          createReplayWorld(services, recording, notes),
          newRecord(),
        );
  const { status, outputs, steps } = run;
  const error = status === 'not_started' ? '' : (run.error?.code ?? '');
  return { after: { status, error, outputs, steps, calls: notes.calls }, notes };
}

/** The recorded inputs but for what were the defaults then: another version may have others. */
function givenInputs(inputs: JsonObject, plan: Plan | undefined): JsonObject {
  const wasDefault = ([name, value]: [string, Json]): boolean => {
    const otherwise = plan && Object.hasOwn(plan.inputs, name) ? plan.inputs[name]?.default : undefined;
    return otherwise !== undefined && canonicalJson(otherwise) === canonicalJson(value);
  };
  return Object.fromEntries(Object.entries(inputs).filter((entry) => !wasDefault(entry)));
}

/** Whether something was cut off or destroyed. */
function contains({ calls }: Decided): boolean {
  return calls.some(({ effect, succeeded }) => succeeded && (effect === 'contain' || effect === 'destroy'));
}

function alertOf(event: Json): string {
  if (event === null || typeof event !== 'object' || !('alert' in event)) return '';
  const { alert } = event;
  return alert !== null && typeof alert === 'object' && 'id' in alert && typeof alert.id === 'string' ? alert.id : '';
}

/** What is said of an alert now, or of its case when nothing is said of it. */
async function verdictOf(store: Store, alert: string, caseId: string | null): Promise<Verdict> {
  const row = alert === '' ? undefined : await store.get('alerts', alert);
  if (row && row.verdict !== 'unknown') return row.verdict;
  const id = row?.case_id ?? caseId;
  return (id === null ? undefined : (await store.get('cases', id))?.verdict) ?? 'unknown';
}

/** Whether a comparison found that the versions decide differently. */
export function differs({ differences, newCalls, droppedCalls }: RunComparison): boolean {
  return differences.length + newCalls.length + droppedCalls.length > 0;
}

function totalsOf(compared: readonly ComparedRun[]): Pick<Backtest, 'same' | 'different' | 'simulated' | 'verdicts'> {
  const different = compared.filter(differs).length;
  const judged = compared.filter(({ verdict }) => verdict === 'malicious' || verdict === 'benign');
  const agreement = (which: 'before' | 'after'): Agreement => {
    const agrees = judged.filter((one) => one[which].contained === (one.verdict === 'malicious')).length;
    return { agrees, differs: judged.length - agrees };
  };
  return {
    same: compared.length - different,
    different,
    simulated: compared.filter(({ simulated }) => simulated.length > 0).length,
    verdicts: {
      before: agreement('before'),
      after: agreement('after'),
      without: compared.length - judged.length,
    },
  };
}

import type { Json } from '@counterpoint/core';
import type { Causality, EventEnvelope } from '@counterpoint/events';
import { validateValue } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { EventTrigger, PublishedPlan, PublishedTrigger, WebhookTrigger } from '../playbooks/published.ts';
import { createAlarms } from './alarms.ts';
import { createAwaitedTopics } from './awaited-topics.ts';
import { post } from './drive.ts';
import { endOf, onEnd } from './ends.ts';
import { forget } from './finish.ts';
import { keepOwnerships, letGo, takeUpOrphans, watchOthers } from './keep.ts';
import { createOperations, type Operations } from './operations.ts';
import { defaultEngineLimits, type EngineOptions, type FinishedRun } from './options.ts';
import { hearOthers } from './others.ts';
import type { Alarms, StartedRun } from './parts.ts';
import { unloadQuietRuns } from './quiet-runs.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { createSharing, type Sharing } from './sharing.ts';
import { hearSignals, lookForSignals, watchSignals } from './signals.ts';
import { begin, rowFor, type StartRequest } from './start.ts';
import { cancel } from './steer-run.ts';
import type { UnknownResolution } from './steer-step.ts';
import { announce } from './subscriptions.ts';
import { auditFailure, causalityOfEvent, isSimulated, meets } from './triggers.ts';
import { keepValuesApart } from './values.ts';
import { attend, createWakes } from './wakes.ts';
import type { Worker } from './worker.ts';

/** A webhook that was delivered. */
export interface WebhookDelivery {
  /** Unique id that the sender gave the delivery, or the hash of its body: one run per trigger and id. */
  readonly id: string;
  readonly body: Json;
  readonly causality: Causality;
  readonly simulated?: boolean;
}

/** Runs playbooks: durable, one worker of possibly many on a store. */
export interface Engine {
  /** Takes over the runs that nobody works on, and begins to keep ownerships alive. */
  start(): Promise<void>;
  /** Starts nothing more, and waits (at most `grace` milliseconds, default 5,000) for what is under way. */
  stop(grace?: number): Promise<void>;
  /**
   * Starts a run of the current version; resolves once it is durable.
   *
   * @throws engine.playbook_unknown, engine.inputs_invalid, engine.stopping, and what committing throws
   */
  startRun(request: StartRequest): Promise<StartedRun>;
  /** As {@link Engine.startRun}, and waits for its end; undefined when that is not within `timeout` milliseconds. */
  startRunAndWait(
    request: StartRequest,
    timeout?: number,
  ): Promise<StartedRun & { readonly finished: FinishedRun | undefined }>;
  /** Starts a run for every trigger that an event meets, and gives those runs. Safe to repeat with the same event. */
  handleEvent(envelope: EventEnvelope): Promise<readonly StartedRun[]>;
  /**
   * Starts a run for a webhook trigger when its condition holds; undefined when it does not.
   *
   * @throws engine.event_invalid when the body does not match the trigger's schema, and what starting a run throws
   */
  handleWebhook(trigger: PublishedTrigger<WebhookTrigger>, delivery: WebhookDelivery): Promise<StartedRun | undefined>;
  /** As {@link Engine.handleWebhook}, for triggers that answer with the run's outputs. */
  handleWebhookAndWait(
    trigger: PublishedTrigger<WebhookTrigger>,
    delivery: WebhookDelivery,
    timeout?: number,
  ): Promise<(StartedRun & { readonly finished: FinishedRun | undefined }) | undefined>;
  /** Cancels a run: `on_cancel` and `finally` still run; effects stay until their leases end. @throws engine.run_unknown */
  cancel(run: string, principal: string, reason: string): Promise<void>;
  /**
   * Settles a step that is `unknown` after nobody could tell what happened. `happened: false` counts as a failure
   * that may be retried where the step says so. Audited.
   *
   * @throws engine.run_unknown, engine.step_not_unknown
   */
  resolveUnknown(run: string, address: string, resolution: UnknownResolution, principal: string): Promise<void>;
  /** What operators do to runs. */
  readonly operate: Operations;
  /** Runs in memory, and runs that wait for their turn. */
  stats(): { readonly active: number; readonly queued: number };
}

/** Makes an engine; nothing runs before {@link Engine.start}. */
export function createEngine(given: EngineOptions): Engine {
  const options = { ...given, store: keepValuesApart(given.store, given.clock) };
  const worker: Worker = {
    options,
    limits: { ...defaultEngineLimits, ...options.limits },
    ...{ runs: new Map(), waiters: new Map(), lookers: new Map(), sightings: new Map() },
    underWay: new Set(),
    stopping: false,
    post: (run, happening, change, timer) => post(worker, run, { happening, change, ...(timer ? { timer } : {}) }),
    awaited: options.exclusive ? createAwaitedTopics(options.store) : undefined,
    get alarms() {
      return alarms;
    },
    get wakes() {
      return wakes;
    },
    enqueue: (queued) => schedule.enqueue(queued),
    offer: (queued) => sharing.offer(queued),
    releaseSlot: (run) => schedule.release(run),
    cancel: async (run, principal, reason) => void (await cancel(worker, run, { principal, reason })),
  };
  const schedule = createSchedule(worker, () => sharing.look());
  const sharing = createSharing(worker, schedule);
  const alarms = createAlarms(worker);
  const wakes = createWakes(worker);
  const startRun = async (request: StartRequest): Promise<StartedRun> => {
    const published = await options.plans.current(request.playbook);
    return begin(worker, schedule, published, rowFor(worker, published, request), request.change);
  };
  const operate = createOperations(worker);
  let stopWatching = (): void => undefined;

  return {
    async start() {
      stopWatching = options.submitOnly ? listen(worker) : watch(worker, schedule, alarms);
      if (options.submitOnly) return;
      await sharing.start();
      await takeUpOrphans(worker, schedule);
      await schedule.look();
      await Promise.all([lookForSignals(worker), alarms.look()]);
    },
    async stop(grace = 5_000) {
      worker.stopping = true;
      stopWatching();
      await windDown(worker, sharing, grace);
    },
    startRun,
    async startRunAndWait(request, timeout) {
      return startAndWait(worker, schedule, await options.plans.current(request.playbook), request, timeout);
    },
    async handleEvent(envelope) {
      const triggers = await options.plans.forTopic(envelope.type);
      const causality = causalityOfEvent(envelope);
      await announce(worker, envelope);
      const starts = triggers.map((one) => startFor(worker, schedule, one, envelope, causality));
      return (await Promise.all(starts)).flat();
    },
    async handleWebhook(trigger, delivery) {
      const request = await webhookRequest(worker, trigger, delivery);
      return request && begin(worker, schedule, trigger.published, rowFor(worker, trigger.published, request));
    },
    async handleWebhookAndWait(trigger, delivery, timeout) {
      const request = await webhookRequest(worker, trigger, delivery);
      return request && startAndWait(worker, schedule, trigger.published, request, timeout);
    },
    operate,
    cancel: (run, principal, reason) => worker.cancel(run, principal, reason),
    async resolveUnknown(run, address, resolution, principal) {
      await operate.resolve(run, address, resolution, { principal, reason: '' });
    },
    stats: () => ({ active: worker.runs.size, queued: schedule.queued }),
  };
}

/** Starts the run of one trigger; what the playbook itself stands in the way of is audited, and others start. */
async function startFor(
  worker: Worker,
  schedule: Schedule,
  trigger: PublishedTrigger<EventTrigger>,
  envelope: EventEnvelope,
  causality: Causality,
): Promise<readonly StartedRun[]> {
  const { id, data } = envelope;
  if (!(await meets(worker, trigger, data, causality))) return [];
  try {
    refuseCircle(worker, causality);
    const { published } = trigger;
    const ask = worker.options.trusts?.(envelope) === false;
    const request = { ...requestOf(trigger, id, data, causality, isSimulated(data)), ask };
    return [await begin(worker, schedule, published, rowFor(worker, published, request))];
  } catch (error) {
    await auditFailure(worker, trigger, causality, error);
    return [];
  }
}

/** Stops playbooks that start one another through events for ever. @throws engine.too_many_hops */
function refuseCircle({ limits }: Worker, { hop: hops }: Causality): void {
  if (hops > limits.hops) throw errors.too_many_hops({ hops, limit: limits.hops });
}

function requestOf(
  { published, trigger }: PublishedTrigger<EventTrigger | WebhookTrigger>,
  key: string,
  event: Json,
  causality: Causality,
  simulated: boolean,
): StartRequest {
  return {
    playbook: published.plan.id,
    trigger: { kind: trigger.kind, id: trigger.id, key },
    event,
    causality,
    simulated,
  };
}

async function webhookRequest(
  worker: Worker,
  trigger: PublishedTrigger<WebhookTrigger>,
  { id, body, causality, simulated = false }: WebhookDelivery,
): Promise<StartRequest | undefined> {
  const { plan } = trigger.published;
  const { schema, id: name } = trigger.trigger;
  const [mismatch] = schema ? validateValue(schema, body) : [];
  if (mismatch) throw errors.event_invalid({ trigger: name, playbook: plan.id, reason: mismatch.reason });
  if (!(await meets(worker, trigger, body, causality))) return undefined;
  return requestOf(trigger, id, body, causality, simulated);
}

async function startAndWait(
  worker: Worker,
  schedule: Schedule,
  published: PublishedPlan,
  request: StartRequest,
  timeout: number | undefined,
): Promise<StartedRun & { readonly finished: FinishedRun | undefined }> {
  const row = rowFor(worker, published, request);
  let finished: FinishedRun | undefined;
  const stop = onEnd(worker, row.id, (end) => {
    finished = end;
  });
  let started: StartedRun;
  try {
    started = await begin(worker, schedule, published, row);
  } finally {
    stop();
  }
  if (started.dropped) return { ...started, finished: undefined };
  return { ...started, finished: finished ?? (await endOf(worker, started.run, timeout)) };
}

/** Hears what concerns runs that other processes work on, and tells those. */
function listen(worker: Worker): () => void {
  const { notices, workQueue } = worker.options;
  if (!notices && !workQueue) return () => undefined;
  const stops = [hearSignals(worker), hearOthers(worker, () => undefined)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Begins everything that goes on by itself, and gives the way to stop it. */
function watch(worker: Worker, schedule: Schedule, alarms: Alarms): () => void {
  const stops = [
    alarms.start(),
    watchSignals(worker),
    unloadQuietRuns(worker),
    keepOwnerships(worker),
    watchOthers(worker, schedule),
    hearOthers(worker, (id) => {
      const run = worker.runs.get(id);
      return run && attend(worker, run);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

async function windDown(worker: Worker, sharing: Sharing, grace: number): Promise<void> {
  await quiet(worker, grace);
  await letGo(worker);
  // Whoever is handed them next finds nobody's ownership in the way.
  await sharing.stop();
  for (const run of [...worker.runs.values()]) forget(worker, run);
}

async function quiet(worker: Worker, grace: number): Promise<void> {
  let disarm = (): void => undefined;
  const enough = new Promise<'enough'>((resolve) => {
    const timer = setTimeout(() => resolve('enough'), grace);
    disarm = () => clearTimeout(timer);
  });
  while (worker.underWay.size > 0) {
    if ((await Promise.race([Promise.allSettled(worker.underWay), enough])) === 'enough') break;
  }
  disarm();
}

import { eventErrors, type QueueWorker, type ReadyRun, type Taking, type WorkQueue } from '@counterpoint/events';
import {
  AckPolicy,
  type Consumer,
  type ConsumerMessages,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { NatsLink } from './connect.ts';

/** How a work queue on JetStream is kept. */
export interface NatsWorkQueueOptions {
  /** Milliseconds after which a run that nobody renewed is handed to another worker. Default 5 s. */
  readonly ackWait?: number;
  /** How many servers of a cluster keep it; default 1. */
  readonly replicas?: number;
}

const ACK_WAIT = 5_000;
const PRIORITIES = [3, 2, 1, 0] as const;
/** Priorities from here on are tried again soon, however often there was no place for them. */
const URGENT = 2;
/** Most runs that one request asks for: what is asked for and no longer wanted when it comes waits here for nothing. */
const BATCH = 16;
/** How long a request for runs waits at the server, in milliseconds. */
const EXPIRES = 5_000;
/** How long to wait for the answer of the server, and before it is tried again, in milliseconds. */
const TIMEOUT = 2_000;
const AGAIN = 500;
/** How often a worker without room asks itself again when nobody says that there is any, in milliseconds. */
const LOOK = 1_000;
/** Pauses of a run for which there is no place, in milliseconds. */
const PAUSE = { first: 250, most: 10_000 };
/** JetStream's refusal of a second message on a subject that may hold one. */
const SUBJECT_FULL = 10_077;
const SAME_NAME_OTHER_CONFIGURATION = 10_058;

/**
 * The queue on JetStream. The stream `<prefix>_work` keeps each message until it is acknowledged, and one for each
 * subject: `<prefix>.work.<priority>.<run>.<epoch>`, so that a run is in it once. One durable consumer for each priority is
 * shared by all workers. Needs nats-server 2.9 or later.
 */
export function createNatsWorkQueue(link: NatsLink, options: NatsWorkQueueOptions = {}): WorkQueue {
  const stream = `${link.prefix}_work`;
  const js = jetstream(link.connection, { timeout: TIMEOUT });
  let made: Promise<void> | undefined;
  const ensure = (): Promise<void> => {
    made ??= makeStream(link, stream, options).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  const anew = (): void => {
    made = undefined;
  };
  return {
    async offer(run) {
      if (!link.up()) throw unavailable('there is no connection');
      try {
        await ensure();
        await publish(js, link, run).catch(async () => {
          // The server may have lost the stream since it was made.
          anew();
          await ensure();
          await publish(js, link, run);
        });
      } catch (error) {
        anew();
        throw unavailable(error);
      }
    },
    async take(worker) {
      try {
        await ensure();
      } catch (error) {
        throw unavailable(error);
      }
      const heartbeat = (options.ackWait ?? ACK_WAIT) / 3;
      return startTaking({ js, stream, worker, heartbeat, ensure, anew });
    },
  };
}

function unavailable(reason: unknown): Error {
  const text = reason instanceof Error ? reason.message : String(reason);
  return eventErrors.log_unavailable({ reason: text }, reason instanceof Error ? { cause: reason } : {});
}

function consumerName(priority: number): string {
  return `work-${priority}`;
}

async function makeStream(link: NatsLink, name: string, options: NatsWorkQueueOptions): Promise<void> {
  const manager = await jetstreamManager(link.connection, { timeout: TIMEOUT });
  const config = {
    subjects: [`${link.prefix}.work.>`],
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    discard_new_per_subject: true,
    num_replicas: options.replicas ?? 1,
  };
  try {
    await manager.streams.add({ name, retention: RetentionPolicy.Workqueue, ...config });
  } catch (error) {
    if (!isApiError(error, SAME_NAME_OTHER_CONFIGURATION)) throw error;
    await manager.streams.update(name, config);
  }
  for (const priority of PRIORITIES) await makeConsumer(manager, link, name, priority, options);
}

async function makeConsumer(
  manager: JetStreamManager,
  link: NatsLink,
  stream: string,
  priority: number,
  { ackWait = ACK_WAIT }: NatsWorkQueueOptions,
): Promise<void> {
  await manager.consumers.add(stream, {
    durable_name: consumerName(priority),
    filter_subject: `${link.prefix}.work.${priority}.>`,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWait),
    max_deliver: -1,
    max_ack_pending: -1,
  });
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}

async function publish(
  js: JetStreamClient,
  link: NatsLink,
  { run, playbook, priority, epoch }: ReadyRun,
): Promise<void> {
  const lane = Math.min(3, Math.max(0, Math.trunc(priority)));
  try {
    await js.publish(`${link.prefix}.work.${lane}.${run}.${epoch}`, JSON.stringify({ playbook, priority }));
  } catch (error) {
    // It is queued already.
    if (!isApiError(error, SUBJECT_FULL)) throw error;
  }
}

/** The run that a message is about; undefined when it is none of ours. */
function readyRunOf(message: JsMsg): ReadyRun | undefined {
  const [epoch, run] = message.subject.split('.').reverse();
  try {
    const { playbook, priority } = message.json<Partial<ReadyRun>>();
    if (run === undefined || typeof playbook !== 'string' || typeof priority !== 'number') return undefined;
    return { run, playbook, priority, epoch: Number(epoch) };
  } catch {
    return undefined;
  }
}

interface TakingOptions {
  readonly js: JetStreamClient;
  readonly stream: string;
  readonly worker: QueueWorker;
  /** Milliseconds between renewals. */
  readonly heartbeat: number;
  ensure(): Promise<void>;
  /** What was made is not there any more, perhaps. */
  anew(): void;
}

function startTaking(options: TakingOptions): Taking {
  const state: PullState = { stopped: false, waiting: new Set(), fetching: new Set(), working: new Set() };
  const loops = PRIORITIES.map((priority) => pull(options, state, priority));
  const wake = (): void => {
    for (const resume of state.waiting) resume();
  };
  return {
    look: wake,
    async stop() {
      state.stopped = true;
      wake();
      for (const messages of state.fetching) messages.stop();
      await Promise.all(loops);
      for (const message of state.working) message.nak();
      state.working.clear();
    },
  };
}

interface PullState {
  stopped: boolean;
  /** Those who wait for room, or before they try again. */
  readonly waiting: Set<() => void>;
  readonly fetching: Set<ConsumerMessages>;
  /** Messages whose runs are worked on. */
  readonly working: Set<JsMsg>;
}

/** Waits, or until there may be room again. */
function rest({ waiting }: PullState, millis: number): Promise<void> {
  return new Promise((resolve) => {
    const resume = (): void => {
      clearTimeout(timer);
      waiting.delete(resume);
      resolve();
    };
    const timer = setTimeout(resume, millis);
    waiting.add(resume);
  });
}

/** Takes the runs of one priority as long as there is room. */
async function pull(options: TakingOptions, state: PullState, priority: number): Promise<void> {
  let consumer: Consumer | undefined;
  while (!state.stopped) {
    const room = Math.min(BATCH, options.worker.room(priority));
    if (room <= 0) {
      await rest(state, LOOK);
      continue;
    }
    try {
      await options.ensure();
      consumer ??= await options.js.consumers.get(options.stream, consumerName(priority));
      await fetchSome(options, state, consumer, room);
    } catch {
      // The server is away, or has lost what it kept: both are found out by beginning anew.
      consumer = undefined;
      options.anew();
      if (!state.stopped) await rest(state, AGAIN);
    }
  }
}

async function fetchSome(options: TakingOptions, state: PullState, consumer: Consumer, room: number): Promise<void> {
  const messages = await consumer.fetch({ max_messages: room, expires: EXPIRES });
  state.fetching.add(messages);
  try {
    if (state.stopped) messages.stop();
    for await (const message of messages) void work(options, state, message);
  } finally {
    state.fetching.delete(messages);
  }
}

/** Keeps a run ours for as long as it is worked on. */
async function work({ worker, heartbeat }: TakingOptions, state: PullState, message: JsMsg): Promise<void> {
  const run = readyRunOf(message);
  if (!run) {
    message.term();
    return;
  }
  state.working.add(message);
  const beat = setInterval(() => message.working(), heartbeat);
  const outcome = await worker.work(run).catch(() => 'again' as const);
  clearInterval(beat);
  // Given back already, when this worker has stopped meanwhile.
  if (!state.working.delete(message)) return;
  if (outcome === 'done') message.ack();
  else message.nak(pauseOf(run.priority, message.info.deliveryCount));
}

function pauseOf(priority: number, times: number): number {
  return priority >= URGENT ? PAUSE.first : Math.min(PAUSE.most, PAUSE.first * 2 ** Math.min(times - 1, 10));
}

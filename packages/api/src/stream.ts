import type { Clock, Redactor } from '@counterpoint/core';
import type { Change, LoggedEvent, RowWrite, RunWrite, Store } from '@counterpoint/events';
import type { Permission, Principal } from '@counterpoint/identity';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { streamHeaders } from './answer-headers.ts';
import { errors } from './errors.ts';
import type { Gate } from './session/gate.ts';

const HEARTBEAT = 15_000;
const MAX_BUFFERED = 1024 * 1024;
/** Streams that one person and all their tokens read at once, in one process: each costs something with every notice. */
const MOST_STREAMS = 64;

/** What somebody must be allowed to be told of each kind of thing. */
const PERMISSIONS = {
  run: 'run:read',
  alert: 'alert:read',
  case: 'case:read',
  effect: 'effect:read',
  inbox: 'inbox:read',
  event: 'fabric:read',
  participant: 'fabric:read',
  reaction: 'fabric:read',
  storm: 'fabric:read',
  delivery: 'fabric:read',
  switch: 'effect:read',
} as const satisfies Readonly<Record<string, Permission>>;

/** A change as the stream tells it: what kind of thing, and what is new about it. */
export interface StreamNotice {
  readonly event: keyof typeof PERMISSIONS;
  readonly data: Readonly<Record<string, unknown>>;
}

function ofRun(write: RunWrite): StreamNotice | undefined {
  if (write.op === 'create') {
    const { id, playbook, status, trace } = write.row;
    return { event: 'run', data: { id, playbook, status, trace } };
  }
  if (write.op === 'advance' && write.set.status !== undefined) {
    return { event: 'run', data: { id: write.id, status: write.set.status } };
  }
  return undefined;
}

function ofRow(write: RowWrite): StreamNotice | undefined {
  if (write.op === 'delete') return undefined;
  switch (write.table) {
    case 'alerts': {
      const { id, title, severity, status, verdict, count, rev, trace } = write.row;
      return { event: 'alert', data: { id, title, severity, status, verdict, count, rev, trace } };
    }
    case 'cases': {
      const { id, title, status, severity, trace } = write.row;
      return { event: 'case', data: { id, title, status, severity, trace } };
    }
    case 'effects': {
      const { id, action, target, state, trace } = write.row;
      return { event: 'effect', data: { id, action, target, state, trace } };
    }
    case 'inbox_items': {
      const { id, kind, text, status, run, trace } = write.row;
      return { event: 'inbox', data: { id, kind, text, status, run, trace } };
    }
    case 'switches': {
      const { id, engaged, reason, principal } = write.row;
      return { event: 'switch', data: { id, engaged, reason, principal } };
    }
    default:
      return ofFabric(write);
  }
}

function ofFabric(write: Exclude<RowWrite, { readonly op: 'delete' }>): StreamNotice | undefined {
  switch (write.table) {
    case 'participants': {
      const { id, title, state, enabled, site } = write.row;
      return { event: 'participant', data: { id, title, state, enabled, site } };
    }
    case 'reaction_events': {
      const { id, reaction, event, topic, outcome, reason, run, trace } = write.row;
      return { event: 'reaction', data: { id, reaction, event, topic, outcome, reason, run, trace } };
    }
    case 'breakers': {
      const { id, state, reason, item } = write.row;
      return { event: 'storm', data: { id, state, reason, item } };
    }
    case 'deliveries': {
      const { id, consumer, event, topic, state, error } = write.row;
      return state === 'dead' ? { event: 'delivery', data: { id, consumer, event, topic, state, error } } : undefined;
    }
    default:
      return undefined;
  }
}

function ofEvent({ position, event }: LoggedEvent): StreamNotice {
  const { id, type: topic, subject, participant, trace, cause, hop } = event;
  return { event: 'event', data: { id, topic, subject, participant, trace, cause, hop, position } };
}

/** What a committed change has to tell, in order. */
export function noticesOf(change: Change): StreamNotice[] {
  const notices = [...(change.runs ?? []).map(ofRun), ...(change.rows ?? []).map(ofRow)];
  return notices.filter((notice) => notice !== undefined);
}

/** What the stream needs. */
export interface StreamServices {
  readonly committer: Pick<Store, 'onCommitted' | 'find'>;
  /** Hears what other processes committed; gives the way to stop. Default: there are none. */
  readonly others?: (listener: (notice: StreamNotice) => void) => () => void;
  /** Hears of every event that came into the log, whichever process brought it. Default: none is told of. */
  readonly tail?: (listener: (logged: LoggedEvent) => void) => Promise<() => void>;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly gate: Pick<Gate, 'principalOf'>;
}

type Tell = (notice: StreamNotice) => void;

const MANY_RUNS = 10_000;

/**
 * Lets through what belongs to one trace. What is told of a run later does not name its trace, so that its runs are kept;
 * until those are read, everything waits.
 */
function narrowed(tell: Tell, trace: string, { committer }: StreamServices, onFailure: () => void): Tell {
  const runs = new Set<unknown>();
  const waiting: StreamNotice[] = [];
  const pass: Tell = (notice) => {
    const { event, data } = notice;
    if (event === 'run' && data.trace === trace) runs.add(data.id);
    if (data.trace === trace || (event === 'run' && runs.has(data.id))) tell(notice);
  };
  let now: Tell = (notice) => waiting.push(notice);
  committer.find('runs', { where: { trace }, limit: MANY_RUNS }).then((rows) => {
    for (const { id } of rows) runs.add(id);
    now = pass;
    waiting.forEach(pass);
  }, onFailure);
  return (notice) => now(notice);
}

/** Listens to everything that there is to tell; gives the way to stop. */
async function listen({ committer, others, tail }: StreamServices, tell: Tell): Promise<() => void> {
  const stops = [committer.onCommitted((change) => noticesOf(change).forEach(tell)), others?.(tell)];
  stops.push(await tail?.((logged) => tell(ofEvent(logged))));
  return () => {
    for (const stop of stops) stop?.();
  };
}

/** Counts the streams of each person. */
function createReaders() {
  const readers = new Map<string, number>();
  return {
    /** Gives the way to leave. @throws api.too_many_streams */
    enter({ userId, ref }: Principal): () => void {
      const before = readers.get(userId) ?? 0;
      if (before >= MOST_STREAMS) throw errors.too_many_streams({ reader: ref, limit: MOST_STREAMS });
      readers.set(userId, before + 1);
      return () => {
        const left = (readers.get(userId) ?? 0) - 1;
        if (left > 0) readers.set(userId, left);
        else readers.delete(userId);
      };
    },
  };
}

/**
 * Adds `GET /api/v1/stream`: server-sent events of runs, alerts, cases, effects, kill switches, the inbox and the fabric
 * (events, participants, reactions, storms, dead letters), each sent after it became durable, and only what the token may read.
 * `?trace=<id>` narrows it to one trace. One person reads 64 at once, no more. A client that reads too slowly is disconnected (it reconnects and reads the lists
 * again).
 */
export function addStream(app: FastifyInstance, services: StreamServices): void {
  const readers = createReaders();
  // A page that nobody looks at follows it too, and connects again by itself.
  const options = { config: { permission: 'self:read', passive: true }, schema: { hide: true } };
  app.get<{ Querystring: { readonly trace?: string } }>('/api/v1/stream', options, async (request, reply) => {
    const { trace } = request.query;
    if (trace !== undefined && !TRACE_ID.test(trace)) {
      throw errors.request_invalid({ reason: 'trace is not the id of a trace (32 hex digits)' });
    }
    // Whoever left while it was found out who they are is told nothing any more.
    if (reply.raw.destroyed || !request.principal) return reply.hijack();
    reply.raw.once('close', readers.enter(request.principal));
    reply.hijack();
    await stream(services, request, reply, trace);
  });
}

function touchesAccess({ rows }: Change): boolean {
  return rows?.some(({ table }) => table === 'sessions' || table === 'tokens' || table === 'users') ?? false;
}

const TRACE_ID = /^[0-9a-f]{32}$/;

async function stream(
  services: StreamServices,
  request: FastifyRequest,
  { raw }: FastifyReply,
  trace: string | undefined,
): Promise<void> {
  const { clock, gate, redactor } = services;
  const allowed: ReadonlySet<string> = request.principal?.permissions ?? new Set();
  raw.writeHead(200, streamHeaders);
  let sequence = 0;
  const send = (text: string) => {
    raw.write(text);
    if (raw.writableLength > MAX_BUFFERED) raw.destroy();
  };
  const tell: Tell = ({ event, data }) => {
    if (!allowed.has(PERMISSIONS[event])) return;
    sequence += 1;
    send(`id: ${sequence}\nevent: ${event}\ndata: ${JSON.stringify(redactor.value(data))}\n\n`);
  };
  let cancelBeat = () => {};
  // A stream outlives the moment when it was let in: a token that was revoked since, or a session that ended, ends it.
  const check = () => gate.principalOf(request).catch(() => raw.destroy());
  const beat = () => {
    send(': still here\n\n');
    void check();
    cancelBeat = clock.after(HEARTBEAT, beat);
  };
  let stop = () => {};
  let gone = false;
  request.raw.on('close', () => {
    gone = true;
    stop();
    cancelBeat();
  });
  const wanted = trace === undefined ? tell : narrowed(tell, trace, services, () => raw.destroy());
  const stopListening = await listen(services, wanted);
  // What this process changes itself takes effect at once; what others change, with the next beat.
  const stopChecking = services.committer.onCommitted((change) => touchesAccess(change) && void check());
  stop = () => {
    stopListening();
    stopChecking();
  };
  // From here on nothing is missed.
  send(': connected\n\n');
  if (gone) stop();
  else cancelBeat = clock.after(HEARTBEAT, beat);
}

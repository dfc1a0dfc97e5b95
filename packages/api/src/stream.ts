import type { Clock } from '@counterpoint/core';
import type { Change, Committer, RowWrite, RunWrite } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import type { FastifyInstance } from 'fastify';

const HEARTBEAT = 15_000;
const MAX_BUFFERED = 1024 * 1024;

/** A change as the stream tells it: what kind of thing, and what is new about it. */
export interface StreamNotice {
  readonly event: 'run' | 'alert' | 'case' | 'effect' | 'inbox';
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
      const { id, title, severity, status, verdict, count, trace } = write.row;
      return { event: 'alert', data: { id, title, severity, status, verdict, count, trace } };
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
    default:
      return undefined;
  }
}

/** What a committed change has to tell, in order. */
export function noticesOf(change: Change): StreamNotice[] {
  const notices = [...(change.runs ?? []).map(ofRun), ...(change.rows ?? []).map(ofRow)];
  return notices.filter((notice) => notice !== undefined);
}

/** What the stream needs. */
export interface StreamServices {
  readonly committer: Committer;
  /** Hears what other processes committed; gives the way to stop. Default: there are none. */
  readonly others?: (listener: (notice: StreamNotice) => void) => () => void;
  readonly clock: Clock;
  /** Who the `Authorization` header speaks for, now. @throws identity errors with status 401 */
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>;
}

/**
 * Adds `GET /api/v1/stream`: server-sent events of runs, alerts, cases, effects and the inbox, each sent after it became
 * durable, and only what the token may read. A client that reads too slowly is disconnected (it reconnects and reads the lists again).
 */
export function addStream(app: FastifyInstance, { committer, others, clock, authenticate }: StreamServices): void {
  app.get('/api/v1/stream', { config: { permission: 'self:read' }, schema: { hide: true } }, (request, reply) => {
    const allowed: ReadonlySet<string> = request.principal?.permissions ?? new Set();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write(': connected\n\n');
    let sequence = 0;
    const send = (text: string) => {
      raw.write(text);
      if (raw.writableLength > MAX_BUFFERED) raw.destroy();
    };
    const tell = ({ event, data }: StreamNotice): void => {
      if (!allowed.has(`${event}:read`)) return;
      sequence += 1;
      send(`id: ${sequence}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    const stopListening = committer.onCommitted((change) => noticesOf(change).forEach(tell));
    const stopHearing = others?.(tell);
    let cancelBeat = () => {};
    const beat = () => {
      send(': still here\n\n');
      // A stream outlives the moment its token was checked: a token that was revoked since ends it.
      authenticate(request.headers.authorization).catch(() => raw.destroy());
      cancelBeat = clock.after(HEARTBEAT, beat);
    };
    cancelBeat = clock.after(HEARTBEAT, beat);
    request.raw.on('close', () => {
      stopListening();
      stopHearing?.();
      cancelBeat();
    });
  });
}

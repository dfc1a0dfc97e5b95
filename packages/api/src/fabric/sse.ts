import type { Clock } from '@counterpoint/core';
import type { FastifyReply } from 'fastify';
import { streamHeaders } from '../answer-headers.ts';

const BEAT = 15_000;
const LINGER = 2_000;
const MAX_BUFFERED = 4 * 1024 * 1024;

/** A message of a stream of server-sent events (WHATWG HTML §9.2); `data` is written as JSON. */
export interface Message {
  readonly id?: string;
  readonly event?: string;
  readonly data: unknown;
}

/** Why a stream ends: another connection reads in its place, the participant is gone, or its token no longer counts. */
export type EndCode = 'replaced' | 'left' | 'refused';

/** A stream of server-sent events to one reader. */
export interface EventStream {
  /** Aborted when the stream is over, whoever ended it. */
  readonly signal: AbortSignal;
  /** A reader that lets more than 4 MiB gather is disconnected. */
  send(message: Message): void;
  /** Resolves when the reader has caught up so far that more may be sent, or the stream is over. */
  room(): Promise<void>;
  /** Says why, as the event `end`, and closes. */
  end(code: EndCode, reason: string): void;
}

function frame({ id, event, data }: Message): string {
  const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
  return `${head}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * Answers a request with a stream of server-sent events, with a sign of life every 15 s.
 *
 * @param onBeat called with each sign of life; when it rejects, the stream ends with what it says
 */
export function openEventStream(reply: FastifyReply, clock: Clock, onBeat: () => Promise<void>): EventStream {
  reply.hijack();
  const { raw } = reply;
  const over = new AbortController();
  let stuck = false;
  const close = () => over.abort();
  raw.once('close', close);
  raw.on('drain', () => {
    stuck = false;
  });
  raw.once('error', close);
  raw.writeHead(200, streamHeaders);
  const write = (text: string) => {
    if (over.signal.aborted) return;
    raw.write(text);
    if (raw.writableLength > MAX_BUFFERED) raw.destroy();
  };
  const end = (code: EndCode, reason: string) => {
    write(frame({ event: 'end', data: { code, reason } }));
    raw.end();
    over.abort();
    // A reader that takes nothing would keep the connection open.
    clock.after(LINGER, () => raw.destroy());
  };
  write(': connected\n\n');
  let cancelBeat = () => {};
  const beat = () => {
    // A reader that took nothing since the last sign of life is as good as gone.
    if (stuck && raw.writableNeedDrain) raw.destroy();
    stuck = raw.writableNeedDrain;
    write(': still here\n\n');
    // A stream outlives the moment its credential was checked.
    onBeat().catch((error: unknown) => end('refused', error instanceof Error ? error.message : String(error)));
    cancelBeat = clock.after(BEAT, beat);
  };
  cancelBeat = clock.after(BEAT, beat);
  over.signal.addEventListener('abort', () => cancelBeat(), { once: true });
  // Whoever left before the answer began is noticed too.
  if (raw.destroyed) close();
  return {
    signal: over.signal,
    send: (message) => write(frame(message)),
    room() {
      if (!raw.writableNeedDrain || over.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const go = () => {
          raw.off('drain', go);
          over.signal.removeEventListener('abort', go);
          resolve();
        };
        raw.once('drain', go);
        over.signal.addEventListener('abort', go, { once: true });
      });
    },
    end,
  };
}

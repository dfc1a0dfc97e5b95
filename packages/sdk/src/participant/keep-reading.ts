import { isCounterpointError } from '@counterpoint/core';
import { readAnswer, send } from '../exchange.ts';
import { readEvents, type StreamEvent, watched } from '../stream.ts';

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;

/** What is read, and what becomes of it. */
export interface Reading {
  readonly url: URL;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Where to go on after the connection was lost: the id of the last event. */
  readonly lastId?: () => string | undefined;
  /** Called before each connection but the first; what it throws counts as a failed connection. */
  readonly onReconnect?: () => Promise<void>;
  /** Called once the server has answered, each time. */
  readonly onConnected?: () => void;
  readonly onEvent: (event: StreamEvent) => void;
}

/** Reads one connection to its end. Gives whether the server says not to come again. */
async function readOnce({ url, token, signal, lastId, onConnected, onEvent }: Reading): Promise<boolean> {
  const last = lastId?.();
  const silent = new AbortController();
  const response = await send(url, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(last === undefined ? {} : { 'last-event-id': last }),
    },
    signal: AbortSignal.any([signal, silent.signal]),
  });
  if (!response.ok || !response.body) await readAnswer(response, url);
  if (!response.body) return false;
  onConnected?.();
  for await (const event of readEvents(watched(response.body, () => silent.abort()))) {
    if (event.event !== 'end') onEvent(event);
    else if ((event.data as { readonly code?: unknown }).code === 'replaced') return true;
  }
  return false;
}

function isFinal(error: unknown): boolean {
  return isCounterpointError(error) && error.status >= 400 && error.status < 500 && !error.retryable;
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end, { once: true });
  });
}

/**
 * Reads a stream of server-sent events and connects again whenever the connection is lost, until the signal is aborted or
 * another connection reads in its place.
 *
 * @throws what the server refuses for good, such as fabric.participant_unauthenticated
 */
export async function keepReading(reading: Reading): Promise<void> {
  const { signal, onConnected } = reading;
  let failures = 0;
  for (let first = true; !signal.aborted; first = false) {
    try {
      if (!first) await reading.onReconnect?.();
      const connected = () => {
        failures = 0;
        onConnected?.();
      };
      if (await readOnce({ ...reading, onConnected: connected })) return;
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) throw error;
    }
    failures += 1;
    await pause(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)), signal);
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, type Json, type JsonObject, systemClock } from '@counterpoint/core';
import { matchPath, readRequest, type SimulatorRequest } from './request.ts';

/** What a simulator answers: JSON in `body`, or `text` as it is. Default status 200. */
export interface SimulatorAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly text?: string;
}

/** Answers the requests of one route. */
export type SimulatorRoute = (request: SimulatorRequest) => SimulatorAnswer;

/**
 * What goes wrong with a request: `garbage` (a proxy's HTML page with status 200), `empty` (200 without a body), `hang`
 * (no answer), `reset` (the connection is cut), or an answer of its own, with the vendor's error body or not.
 */
export type Fault = 'garbage' | 'empty' | 'hang' | 'reset' | SimulatorAnswer;

/** How {@link createSimulator} makes a server. */
export interface SimulatorOptions {
  /** `GET /v3/community/:ip` -> the route. */
  readonly routes: Readonly<Record<string, SimulatorRoute>>;
  /** Gives the vendor's refusal when the credential is wrong. */
  readonly authenticate?: (request: SimulatorRequest) => SimulatorAnswer | undefined;
  /** At most `requests` in any `perMillis`; beyond them, `answer`. */
  readonly rateLimit?: { readonly requests: number; readonly perMillis: number; readonly answer: SimulatorAnswer };
  /** The answer to an unknown path. Default: 404 without a body. */
  readonly unknown?: SimulatorAnswer;
  readonly clock?: Clock;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** A request that a simulator received, and the status it answered (0: none). */
export interface JournalEntry extends SimulatorRequest {
  /** Unix milliseconds. */
  readonly at: number;
  readonly status: number;
}

/** A small server on 127.0.0.1 that speaks a vendor's API. */
export interface Simulator {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The last 10,000 requests, oldest first. */
  readonly journal: readonly JournalEntry[];
  /** Lets the next `times` requests (default 1) go wrong. */
  inject(fault: Fault, times?: number): void;
  /** Forgets faults that have not happened yet. */
  clearFaults(): void;
  close(): Promise<void>;
}

/** A running simulator of one connector, with what a connection to it needs. */
export interface ConnectorSimulator {
  readonly server: Simulator;
  readonly config: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Starts a connector's simulator. */
export type SimulatorFactory<Running extends ConnectorSimulator = ConnectorSimulator> = (
  options?: Pick<SimulatorOptions, 'port' | 'clock'>,
) => Promise<Running>;

const MAX_JOURNAL = 10_000;
const GARBAGE: SimulatorAnswer = {
  headers: { 'content-type': 'text/html' },
  text: '<!doctype html><title>Sign in</title><p>Please sign in to the guest network.',
};

interface State {
  readonly options: SimulatorOptions;
  readonly clock: Clock;
  readonly journal: JournalEntry[];
  readonly faults: Fault[];
  recent: number[];
}

function routeOf(options: SimulatorOptions, request: SimulatorRequest): SimulatorAnswer {
  for (const [key, route] of Object.entries(options.routes)) {
    const [method, pattern] = key.split(' ') as [string, string];
    const params = method === request.method ? matchPath(pattern, request.path) : undefined;
    if (params) return route({ ...request, params });
  }
  return options.unknown ?? { status: 404, text: '' };
}

function overLimit(state: State): SimulatorAnswer | undefined {
  const { rateLimit } = state.options;
  if (!rateLimit) return undefined;
  const now = state.clock.now();
  state.recent = state.recent.filter((at) => at > now - rateLimit.perMillis);
  if (state.recent.length >= rateLimit.requests) return rateLimit.answer;
  state.recent.push(now);
  return undefined;
}

function answerTo(state: State, request: SimulatorRequest): SimulatorAnswer {
  return state.options.authenticate?.(request) ?? overLimit(state) ?? routeOf(state.options, request);
}

function send(response: ServerResponse, answer: SimulatorAnswer): void {
  const type = answer.text === undefined ? { 'content-type': 'application/json' } : {};
  response.writeHead(answer.status ?? 200, { ...type, ...answer.headers });
  response.end(answer.text ?? JSON.stringify(answer.body ?? null));
}

async function serve(state: State, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  const fault = state.faults.shift();
  const note = (status: number) => {
    state.journal.push({ ...request, at: state.clock.now(), status });
    if (state.journal.length > MAX_JOURNAL) state.journal.shift();
  };
  if (fault === 'hang') return note(0);
  if (fault === 'reset') {
    note(0);
    incoming.socket.resetAndDestroy();
    return;
  }
  const answer = fault === 'garbage' ? GARBAGE : fault === 'empty' ? { text: '' } : (fault ?? answerTo(state, request));
  note(answer.status ?? 200);
  send(response, answer);
}

/** Starts a {@link Simulator}. Faults come before everything else; then authentication, rate limit and the route. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const state: State = { options, clock: options.clock ?? systemClock, journal: [], faults: [], recent: [] };
  const server = createServer((incoming, response) => {
    serve(state, incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    journal: state.journal,
    inject(fault, times = 1) {
      for (let count = 0; count < times; count++) state.faults.push(fault);
    },
    clearFaults() {
      state.faults.length = 0;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

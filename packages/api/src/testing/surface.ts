import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Endpoint, type EndpointName, endpoints } from '@counterpoint/contracts';
import { createRedactor, defaultLimits, type ManualClock, manualClock, type Redactor } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import {
  authorise,
  createAuthenticator,
  createSessions,
  createSetup,
  createTokens,
  isPermission,
  ROLES,
  type SessionLimits,
  type Sessions,
} from '@counterpoint/identity';
import type { FastifyInstance } from 'fastify';
import { addAuditExport } from '../audit-export.ts';
import { errors } from '../errors.ts';
import { addParticipants } from '../fabric/add-participants.ts';
import type { Handlers } from '../handler-types.ts';
import { addHooks, type HookServices } from '../hooks.ts';
import { createOnce } from '../once/once.ts';
import { createApi } from '../server.ts';
import { CSRF_HEADER } from '../session/foreign.ts';
import { createGate, type Gate } from '../session/gate.ts';
import { addStream } from '../stream.ts';
import { createMemoryFabric, type MemoryFabric } from './fabric.ts';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What is sent: the path goes out byte for byte. */
export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The whole HTTP surface on a loopback port; behind it, handlers that only note that they were reached. */
export interface Surface {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly redactor: Redactor;
  /** Operations that were reached, in order. */
  readonly reached: string[];
  /** What was reported as a defect. */
  readonly defects: unknown[];
  /** What participants reach. */
  readonly fabric: MemoryFabric;
  /** A token with every permission. */
  readonly owner: string;
  readonly gate: Gate;
  readonly sessions: Sessions;
  /** The headers of a page that the owner has open, signed in: for reading and for changes. */
  signedIn(): Promise<Readonly<Record<string, string>>>;
  /** A token with these permissions. */
  tokenWith(permissions: Iterable<string>): Promise<string>;
  send(sent: Sent): Promise<Answer>;
  close(): Promise<void>;
}

/** How long sessions of a {@link Surface} live. */
export const SESSION_LIMITS: SessionLimits = { idle: 3_600_000, absolute: 43_200_000 };

/** The largest body of a {@link Surface}, in bytes. */
export const BODY_LIMIT = 64 * 1024;

const NOTHING_BEHIND: Partial<HookServices> = {};

function notingHandlers(reached: string[], replace: Partial<Handlers<EndpointName>>): Handlers<EndpointName> {
  const handlers = Object.keys(endpoints).map((name) => {
    const note = async () => {
      reached.push(name);
      throw errors.not_found({ kind: 'thing', id: name });
    };
    return [name, replace[name as EndpointName] ?? note];
  });
  return Object.fromEntries(handlers) as Handlers<EndpointName>;
}

/** Sends one request without touching its path. */
export function sendRaw(url: string, { method = 'GET', path, headers = {}, body }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The path of an operation with every parameter filled in. */
export function pathOf(definition: Pick<Endpoint, 'path'>): string {
  return `/api/v1${definition.path.replace(/:\w+/g, 'some-id')}`;
}

async function openSession(at: Pick<Surface, 'store' | 'sessions' | 'gate' | 'url'> & { readonly user: string }) {
  const { store, sessions, gate, user, url } = at;
  const place = { address: '127.0.0.1', userAgent: 'a test' };
  const opened = sessions.draft({ id: user, password_hash: '' }, place, '0'.repeat(32));
  await store.commit({ rows: [opened.write], audit: [opened.audit] });
  const { csrf } = await sessions.use(opened.secret);
  const cookie = `${gate.cookie}=${opened.secret}`;
  return { cookie, [CSRF_HEADER]: csrf, origin: url, 'sec-fetch-site': 'same-origin' };
}

/** Starts a {@link Surface} on an empty store; `replace` gives some operations real handlers. @param trustProxy default false */
export async function startSurface(
  store: Store,
  replace: (store: Store, clock: ManualClock, sessions: Sessions) => Partial<Handlers<EndpointName>> = () => ({}),
  trustProxy = false,
): Promise<Surface> {
  const clock = manualClock();
  const redactor = createRedactor();
  const reached: string[] = [];
  const defects: unknown[] = [];
  const limits = { ...defaultLimits, bodyBytes: BODY_LIMIT };
  const authenticator = createAuthenticator(store, clock);
  const sessions = createSessions(store, clock, SESSION_LIMITS);
  const gate = createGate({ authenticate: (header) => authenticator.authenticate(header), sessions });
  const fabric = createMemoryFabric(clock);
  const app = await createApi({
    handlers: notingHandlers(reached, replace(store, clock, sessions)),
    gate,
    once: createOnce(store, clock),
    authenticateParticipant: (token) => fabric.participants.byToken(token),
    authorise: (principal, permission) => {
      if (isPermission(permission)) authorise(principal, permission);
      else if (!permission.startsWith('self:')) throw new Error(`no such permission: ${permission}`);
    },
    limits,
    redactor,
    clock,
    trustProxy,
    version: '0.0.0',
    onDefect: (_reference, thrown) => defects.push(thrown),
  });
  addHooks(app, { ...NOTHING_BEHIND, store, clock, limits } as HookServices);
  addAuditExport(app, { store, clock, installation: 'i' });
  addStream(app, { committer: store, clock, redactor, gate });
  addParticipants(app, { ...fabric, clock, limits, redactor });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const setup = createSetup(store, clock);
  const code = (await setup.prepare('0'.repeat(32))) ?? '';
  const { token } = await setup.complete(code, 'ada', '0'.repeat(32));
  const tokens = createTokens(store, clock);
  const by = { ref: `token:${token.info.id}`, userId: token.info.user, permissions: ROLES.owner };
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    app,
    url,
    store,
    clock,
    redactor,
    fabric,
    reached,
    defects,
    owner: token.text,
    gate,
    sessions,
    signedIn: () => openSession({ store, sessions, gate, user: token.info.user, url }),
    async tokenWith(permissions) {
      const request = { title: 'some rights', permissions: [...permissions], expiresAt: null };
      return (await tokens.create(by, request, '0'.repeat(32))).text;
    },
    send: (sent) => sendRaw(url, sent),
    async close() {
      await app.close();
      authenticator.close();
      sessions.close();
    },
  };
}

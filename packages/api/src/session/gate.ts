import type { Principal, Sessions, SessionUse } from '@counterpoint/identity';
import type { FastifyRequest } from 'fastify';
import { cookieName } from './cookie-name.ts';
import { fromElsewhere, requireOwnPage } from './foreign.ts';

/**
 * The header by which a page says that nobody has touched it lately: what it asks for by itself does not keep its session
 * alive. Leaving it out gains nothing that a click would not.
 */
export const UNATTENDED_HEADER = 'x-unattended';

/** Whether a request counts against the idle limit of a session; what a page of somebody else sends never does. */
function useOf(request: FastifyRequest): 'active' | 'passive' {
  const { headers, routeOptions } = request;
  const asked = headers[UNATTENDED_HEADER] === undefined && !routeOptions.config.passive;
  return asked && !fromElsewhere(request) ? 'active' : 'passive';
}

/** Tells who sends a request: a token that it carries, or the session of the browser that it comes from. */
export interface Gate {
  /** Name of the cookie that holds the secret of a session. */
  readonly cookie: string;
  /**
   * A token goes before a session. A session is used by it, unless nobody attends to the page or the route is `passive`.
   *
   * @throws identity errors with status 401, api.request_foreign, api.csrf_missing
   */
  principalOf(request: FastifyRequest): Promise<Principal>;
  /** Who an `Authorization` header speaks for. @throws identity errors with status 401 */
  tokenOf(authorization: string | undefined): Promise<Principal>;
  /** The session of the browser; undefined when there is none, or a page of somebody else asks. */
  sessionOf(request: FastifyRequest): Promise<SessionUse | undefined>;
}

/** What a {@link Gate} stands on. */
export interface GateOptions {
  /** @throws identity errors with status 401 */
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>;
  /** Undefined: nobody signs in with a browser. */
  readonly sessions?: Pick<Sessions, 'use'> | undefined;
  /** Name of the cookie that holds the secret of a session. Default: that of no installation. */
  readonly cookie?: string;
}

/** Makes a {@link Gate}. */
export function createGate({ authenticate, sessions, cookie = cookieName('') }: GateOptions): Gate {
  const secretOf = ({ cookies }: FastifyRequest) => (sessions ? cookies[cookie] : undefined);
  return {
    cookie,
    async principalOf(request) {
      const { authorization } = request.headers;
      const secret = secretOf(request);
      if (authorization || !sessions || secret === undefined) return authenticate(authorization);
      const { principal, csrf } = await sessions.use(secret, useOf(request));
      requireOwnPage(request, csrf);
      return principal;
    },
    tokenOf: authenticate,
    async sessionOf(request) {
      const secret = secretOf(request);
      if (!sessions || secret === undefined || fromElsewhere(request)) return undefined;
      return sessions.use(secret, useOf(request)).catch(() => undefined);
    },
  };
}

import type { Principal, Sessions, SessionUse } from '@counterpoint/identity';
import type { FastifyRequest } from 'fastify';
import { cookieName } from './cookie-name.ts';
import { fromElsewhere, requireOwnPage } from './foreign.ts';

/** Tells who sends a request: a token that it carries, or the session of the browser that it comes from. */
export interface Gate {
  /** Name of the cookie that holds the secret of a session. */
  readonly cookie: string;
  /**
   * A token goes before a session. `passive` looks without using the session, so that it does not stay alive by it.
   *
   * @throws identity errors with status 401, api.request_foreign, api.csrf_missing
   */
  principalOf(request: FastifyRequest, how?: 'active' | 'passive'): Promise<Principal>;
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
    async principalOf(request, how) {
      const { authorization } = request.headers;
      const secret = secretOf(request);
      if (authorization || !sessions || secret === undefined) return authenticate(authorization);
      const { principal, csrf } = await sessions.use(secret, how);
      requireOwnPage(request, csrf);
      return principal;
    },
    tokenOf: authenticate,
    async sessionOf(request) {
      const secret = secretOf(request);
      if (!sessions || secret === undefined || fromElsewhere(request)) return undefined;
      return sessions.use(secret).catch(() => undefined);
    },
  };
}

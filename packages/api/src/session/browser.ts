import type { DraftedSession, SessionUse, SignInPlace } from '@counterpoint/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../errors.ts';
import { fromElsewhere } from './foreign.ts';
import type { Gate } from './gate.ts';

/** The browser that sent a request, as those who sign people in see it. */
export interface Browser {
  /** Its session, if it has one that stands. */
  session(): Promise<SessionUse | undefined>;
  /**
   * Where it is, for a sign-in.
   *
   * @throws api.request_foreign when a page of somebody else asks, api.sign_in_insecure over plain HTTP from another machine
   */
  place(): SignInPlace;
  /** Gives it the secret of a session. */
  keep(session: DraftedSession): void;
  /** Takes it away. */
  forget(): void;
}

const FLAGS = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

const LOOPBACK = /^(localhost|[^.:]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Browsers keep such a cookie over HTTPS, and over plain HTTP where the name of the host is this machine's own. */
function isSecure({ protocol, host }: FastifyRequest): boolean {
  return protocol === 'https' || LOOPBACK.test(host.replace(/:\d+$/, ''));
}

/** The {@link Browser} of a request. */
export function browserOf(request: FastifyRequest, reply: FastifyReply, gate: Gate): Browser {
  return {
    session: () => gate.sessionOf(request),
    place() {
      if (fromElsewhere(request)) throw errors.request_foreign();
      if (!isSecure(request)) throw errors.sign_in_insecure();
      return { address: request.ip, userAgent: request.headers['user-agent'] ?? '' };
    },
    keep: ({ secret }) => void reply.setCookie(gate.cookie, secret, FLAGS),
    forget: () => void reply.clearCookie(gate.cookie, FLAGS),
  };
}

import type { SessionEndpointName } from '@counterpoint/contracts';
import { newTraceId } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { PERMISSIONS, type Sessions, type SessionUse, type SignIn } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import type { Browser } from '../session/browser.ts';

/** What the handlers of sessions need. */
export interface SessionServices {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
}

/** A session as its browser sees it. */
export function sessionView({ principal, user, csrf, createdAt, seenAt, idleEndsAt, endsAt }: SessionUse) {
  return {
    principal: principal.ref,
    user,
    permissions: [...principal.permissions].sort(),
    csrf,
    created_at: createdAt,
    seen_at: seenAt,
    idle_ends_at: idleEndsAt,
    ends_at: endsAt,
  };
}

/** The browser of a request that came over HTTP. @throws api.no_browser */
export function requireBrowser(browser: Browser | undefined): Browser {
  if (!browser) throw errors.no_browser();
  return browser;
}

/** Performs signing in and out, one's sessions and one's password. */
export function sessionHandlers({ store, sessions, signIn }: SessionServices): Handlers<SessionEndpointName> {
  return {
    async getSession({ browser }) {
      const session = await requireBrowser(browser).session();
      return { session: session ? sessionView(session) : null, owned: (await store.count('users')) > 0 };
    },
    async signIn({ browser: given, body }) {
      const browser = requireBrowser(given);
      const place = browser.place();
      const before = await browser.session();
      const opened = await signIn.open({ ...body, place, trace: newTraceId() }, before?.id);
      browser.keep(opened);
      return sessionView(await sessions.use(opened.secret));
    },
    async signOut({ browser: given, principal }) {
      const browser = requireBrowser(given);
      const session = await browser.session();
      browser.forget();
      if (session) await sessions.end(principal.userId, session.id, principal.ref, newTraceId());
      return { signed_out: session !== undefined };
    },
    async setPassword({ browser: given, principal, body }) {
      const browser = requireBrowser(given);
      const place = (await browser.session()) && browser.place();
      const opened = await signIn.setPassword(principal, {
        current: body.current,
        password: body.password,
        place,
        trace: newTraceId(),
      });
      if (opened) browser.keep(opened);
      return { session: opened ? sessionView(await sessions.use(opened.secret)) : null };
    },
    async listPermissions() {
      return { items: Object.entries(PERMISSIONS).map(([permission, allows]) => ({ permission, allows })) };
    },
    async listSessions({ browser, principal }) {
      const current = (await requireBrowser(browser).session())?.id;
      const items = await sessions.list(principal.userId);
      return { items: items.map((session) => ({ ...session, current: session.id === current })) };
    },
    async endSession({ browser: given, principal, params }) {
      const browser = requireBrowser(given);
      const id = params.id ?? '';
      const own = (await browser.session())?.id === id;
      await sessions.end(principal.userId, id, principal.ref, newTraceId());
      if (own) browser.forget();
      return { ended: true };
    },
  };
}

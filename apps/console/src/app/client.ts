import { createClient } from '@counterpoint/sdk';

let csrf: string | undefined;

/** Remembers the token that goes with every change of this session; undefined once it has ended. */
export function rememberCsrf(token: string | undefined): void {
  csrf = token;
}

/** The one way to the server: the cookie of the session says who asks. */
export const client = createClient({ url: window.location.origin, csrf: () => csrf });

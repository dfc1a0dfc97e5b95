import { isCounterpointError } from '@counterpoint/core';
import { type Client, createClient } from '@counterpoint/sdk';
import { noteRequest } from './attendance.ts';
import { queryClient } from './query-client.ts';
import { isSessionLost, sessionEnded } from './session-state.ts';

let csrf: string | undefined;

/** Remembers the token that goes with every change of this session; undefined once it has ended. */
export function rememberCsrf(token: string | undefined): void {
  csrf = token;
}

function notice(error: unknown): void {
  if (isSessionLost(error)) sessionEnded();
  // Another tab has opened a session of its own: its proof is to be had from the server.
  if (isCounterpointError(error, 'api.csrf_missing')) void queryClient.refetchQueries({ queryKey: ['getSession'] });
}

type AnyCall = (...args: readonly unknown[]) => unknown;

/** The same client; whoever calls, and whatever they do about an error, an ended session is noticed. */
function noticing(plain: Client): Client {
  const { stream, auditLines, ...calls } = plain;
  const noticed = Object.entries<AnyCall>(calls as never).map(([name, call]) => [
    name,
    async (...args: readonly unknown[]) => {
      try {
        return await call(...args);
      } catch (error) {
        notice(error);
        throw error;
      }
    },
  ]);
  return { ...Object.fromEntries(noticed), stream, auditLines };
}

/** The one way to the server: the cookie of the session says who asks. */
export const client = noticing(
  createClient({
    url: window.location.origin,
    csrf: () => csrf,
    attended: noteRequest,
    once: true,
  }),
);

import type { CallResult } from '@counterpoint/sdk';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import { client, rememberCsrf } from './client.ts';
import { keptTexts } from './kept-texts.ts';
import { queryClient } from './query-client.ts';
import { sessionEnded, sessionOpened } from './session-state.ts';

const KEY = ['getSession'];
const ASK_AGAIN = 3_000;

type Answer = CallResult<'getSession'>;

async function read(): Promise<Answer> {
  const answer = await client.getSession();
  const before = queryClient.getQueryData<Answer>(KEY);
  if (answer.session) {
    // Somebody else has signed in with another page of this browser: nothing of who was here before stays on this one.
    if (before?.session && before.session.user.id !== answer.session.user.id) window.location.reload();
    else enter(answer.session);
    return answer;
  }
  if (!before?.session) return answer;
  // Whoever was signed in here stays on their page, and signs in again over it.
  sessionEnded();
  return before;
}

function enter({ csrf, user }: Session): void {
  rememberCsrf(csrf);
  keptTexts.belongTo(user.id);
  sessionOpened();
}

/** Takes a session that was just opened: from now on this page asks in its name. */
export function openSession(session: Session): void {
  queryClient.setQueryData<Answer>(KEY, { session, owned: true });
  enter(session);
}

/** Reads the session again: another tab may have opened a new one. */
export function rereadSession(): Promise<void> {
  return queryClient.refetchQueries({ queryKey: KEY });
}

const QUERY = { queryKey: KEY, queryFn: read, staleTime: Number.POSITIVE_INFINITY };

/** Begins to ask who is signed in while the screen is still being loaded. */
export function askForSession(): void {
  void queryClient.prefetchQuery(QUERY);
  // A page that the browser brings back as it was may be of who has signed out since.
  window.addEventListener('pageshow', ({ persisted }) => persisted && void rereadSession());
}

/** Reads who is signed in, if anybody, and whether the installation has its owner. */
export function useSessionQuery() {
  return useQuery({
    ...QUERY,
    // Before there is a session nothing else would tell that the server is back.
    refetchInterval: ({ state }) => (state.status === 'error' ? ASK_AGAIN : false),
  });
}

/** Who is signed in, and what they may do. */
export type Session = NonNullable<CallResult<'getSession'>['session']>;

const Current = createContext<Session | undefined>(undefined);

/** Gives the session to everything inside. */
export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  return <Current value={session}>{children}</Current>;
}

/** The session of whoever looks. Only inside of the frame, where there always is one. */
export function useSession(): Session {
  const session = use(Current);
  if (!session) throw new Error('useSession outside of the frame');
  return session;
}

/** Whether a session has a permission; what is about oneself asks for no more than being signed in. */
export function mayOf({ permissions }: Session, permission: string): boolean {
  return permission === 'self:read' || permissions.includes(permission);
}

/** Whether whoever looks has a permission; buttons that would only be refused are not shown. */
export function useMay(permission: string): boolean {
  return mayOf(useSession(), permission);
}

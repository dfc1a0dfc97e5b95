import type { CallResult } from '@counterpoint/sdk';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import { client, rememberCsrf } from './client.ts';
import { sessionOpened } from './session-state.ts';

async function read() {
  const answer = await client.getSession();
  rememberCsrf(answer.session?.csrf);
  if (answer.session) sessionOpened();
  return answer;
}

/** Reads who is signed in, if anybody, and whether the installation has its owner. */
export function useSessionQuery() {
  return useQuery({ queryKey: ['getSession'], queryFn: read, staleTime: Number.POSITIVE_INFINITY });
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

/** Whether whoever looks has a permission; buttons that would only be refused are not shown. */
export function useMay(permission: string): boolean {
  const { permissions } = useSession();
  return permission === 'self:read' || permissions.includes(permission);
}

import { isCounterpointError } from '@counterpoint/core';

/** Who is signed in, as far as the page knows. */
export type SessionState = 'unknown' | 'open' | 'ended';

let state: SessionState = 'unknown';
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** The state of the session, for `useSyncExternalStore`. */
export function sessionState(): SessionState {
  return state;
}

/** Calls `listener` when the state changes; gives the way to stop. */
export function onSessionState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the server no longer knows who asks; a password that is not right is something else. */
export function isSessionLost(error: unknown): boolean {
  return isCounterpointError(error, 'identity.session_ended') || isCounterpointError(error, 'identity.unauthenticated');
}

/** Says that the server knows us. */
export function sessionOpened(): void {
  become('open');
}

/** Says that the server does not know us (any longer); does nothing before anybody was signed in on this page. */
export function sessionEnded(): void {
  if (state === 'open') become('ended');
}

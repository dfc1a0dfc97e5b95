import type { EndpointName } from '@counterpoint/contracts';
import type { StreamEvent } from '@counterpoint/sdk';
import { useEffect, useSyncExternalStore } from 'react';
import { client } from './client.ts';
import { queryClient } from './query-client.ts';
import { readAgain } from './read-again.ts';
import { isSessionLost, onSessionState, sessionState } from './session-state.ts';

/** The kinds of notices of the stream. */
export type NoticeKind =
  | 'run'
  | 'alert'
  | 'case'
  | 'effect'
  | 'inbox'
  | 'event'
  | 'participant'
  | 'reaction'
  | 'storm'
  | 'delivery'
  | 'switch';

/** One notice: what kind of thing changed, and what is new about it. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How the page stands to the stream. */
export type LiveState = 'connecting' | 'live' | 'reconnecting';

/** Operations that read what a kind of notice tells of. Screens add their own with {@link staleOn}. */
const touched = new Map<NoticeKind, Set<EndpointName>>();

/** Says that notices of these kinds make the readings of these operations stale. Call it beside the routes of a screen. */
export function staleOn(kinds: readonly NoticeKind[], names: readonly EndpointName[]): void {
  for (const kind of kinds) {
    const known = touched.get(kind) ?? new Set();
    for (const name of names) known.add(name);
    touched.set(kind, known);
  }
}

const BATCH_MILLIS = 250;
const MAX_BATCH_MILLIS = 4_000;
const LATER_MILLIS = 1_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;

let state: LiveState = 'connecting';
const stateListeners = new Set<() => void>();
const noticeListeners = new Set<(notice: Notice) => void>();
/** Operations whose readings are stale. */
const pending = new Set<string>();
let batched = false;
let lastFlush = 0;
let pause = BATCH_MILLIS;

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const listener of stateListeners) listener();
}

/** Reads again what is on the screen and stale; the more comes in, the more patiently. */
function flush(): void {
  batched = false;
  const now = performance.now();
  // A burst comes as full batches one after the other: then twice the pause, up to some seconds.
  pause = now - lastFlush < pause * 2 ? Math.min(pause * 2, MAX_BATCH_MILLIS) : BATCH_MILLIS;
  lastFlush = now;
  const names = new Set(pending);
  pending.clear();
  const later = readAgain(queryClient, names, Date.now());
  if (later.size > 0) setTimeout(() => makeStale(later), LATER_MILLIS);
}

function makeStale(names: ReadonlySet<string>): void {
  for (const name of names) pending.add(name);
  if (batched) return;
  batched = true;
  setTimeout(flush, pause);
}

function take({ event, data }: StreamEvent): void {
  const notice: Notice = { kind: event as NoticeKind, data: data as Notice['data'] };
  for (const listener of noticeListeners) listener(notice);
  const names = touched.get(notice.kind);
  if (names) makeStale(names);
}

/** Waits, but no longer than until the network is back or somebody has signed in again. */
function patience(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stopSession();
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    const stopSession = onSessionState(() => sessionState() === 'open' && done());
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

async function follow(signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT;
  let missed = false;
  while (!signal.aborted) {
    const connection = new AbortController();
    // A dead connection may look open for long: the browser knows sooner that there is no network.
    const cut = (): void => connection.abort();
    window.addEventListener('offline', cut);
    try {
      for await (const event of client.stream(AbortSignal.any([signal, connection.signal]), {
        onOpen: () => {
          become('live');
          wait = FIRST_WAIT;
          // What happened in between was told to nobody.
          if (missed) void queryClient.invalidateQueries();
        },
      })) {
        take(event);
      }
    } catch (error) {
      // Whatever it was, the way out is the same: wait, and connect again. Whoever only looks has to sign in again too.
      if (isSessionLost(error)) {
        void queryClient.refetchQueries({ queryKey: ['getSession'] });
      }
    } finally {
      window.removeEventListener('offline', cut);
    }
    if (signal.aborted) return;
    become('reconnecting');
    missed = true;
    await patience(wait * (0.75 + Math.random() / 2), signal);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

/** Follows the stream until the returned function is called. */
export function startLive(): () => void {
  const abort = new AbortController();
  void follow(abort.signal);
  return () => abort.abort();
}

/** Whether the page is told of changes at the moment. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );
}

/** Calls `listener` for every notice, at once. It must be cheap: hundreds may come in a second. */
export function onNotice(listener: (notice: Notice) => void): () => void {
  noticeListeners.add(listener);
  return () => noticeListeners.delete(listener);
}

/** Calls `listener` for every notice of `kind` while the component is shown; give a listener that does not change. */
export function useNotice(kind: NoticeKind, listener: (data: Notice['data']) => void): void {
  useEffect(() => onNotice((notice) => notice.kind === kind && listener(notice.data)), [kind, listener]);
}

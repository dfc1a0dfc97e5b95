import { isCounterpointError } from '@counterpoint/core';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionEnded } from './session-state.ts';

const RETRIES = 2;

/** Whether trying again may help: the network, or an error that says so; never what was refused. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < RETRIES && isCounterpointError(error) && error.retryable;
}

function notice(error: Error): void {
  if (isCounterpointError(error) && error.status === 401) sessionEnded();
  // Another tab has opened a session of its own: its proof is to be had from the server.
  if (isCounterpointError(error, 'api.csrf_missing')) void queryClient.refetchQueries({ queryKey: ['getSession'] });
}

/** Everything that was read from the server, by operation and arguments. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      retry: worthRetrying,
      staleTime: 10_000,
      gcTime: 5 * 60_000,
      // What comes by the stream says when to read again; the focus of a window does not.
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

import { isCounterpointError } from '@counterpoint/core';
import { QueryClient } from '@tanstack/react-query';

const RETRIES = 2;

/** Whether trying again may help: the network, or an error that says so; never what was refused. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < RETRIES && isCounterpointError(error) && error.retryable;
}

/** Everything that was read from the server, by operation and arguments. */
export const queryClient = new QueryClient({
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

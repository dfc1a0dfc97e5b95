import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { DataTableProps } from './data-table-types.ts';

type Reading = Pick<
  UseInfiniteQueryResult,
  'isPending' | 'error' | 'refetch' | 'hasNextPage' | 'fetchNextPage' | 'isFetchingNextPage'
>;
type Told = Pick<DataTableProps<never>, 'loading' | 'error' | 'retry' | 'more' | 'loadMore' | 'loadingMore'>;

/** What a table is told of the list that it shows: how far it was read, what went wrong, and how it goes on. */
export function listReading(query: Reading): Told {
  return {
    loading: query.isPending,
    error: query.error,
    retry: query.refetch,
    more: query.hasNextPage,
    loadMore: query.fetchNextPage,
    loadingMore: query.isFetchingNextPage,
  };
}

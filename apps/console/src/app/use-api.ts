import type { EndpointName } from '@counterpoint/contracts';
import type { CallArguments, CallResult } from '@counterpoint/sdk';
import {
  type InfiniteData,
  keepPreviousData,
  type QueryKey,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { showDone, showError } from '../ui/notices.tsx';
import { client } from './client.ts';
import { queryClient } from './query-client.ts';

type AnyCall = (args: unknown) => Promise<unknown>;

function call<Name extends EndpointName>(name: Name, args: unknown): Promise<CallResult<Name>> {
  return (client[name] as unknown as AnyCall)(args) as Promise<CallResult<Name>>;
}

/** The key of a query: the operation, then its arguments, so that all of an operation can be made stale at once. */
export function keyOf<Name extends EndpointName>(name: Name, args?: CallArguments<Name>): QueryKey {
  return args === undefined ? [name] : [name, args];
}

/** How a query behaves. */
export interface ReadOptions {
  /** Default true. */
  readonly enabled?: boolean;
  /** Milliseconds between readings; only for what no notice tells of. */
  readonly every?: number;
  /** Shows what was there while other arguments are read. Default false. */
  readonly keep?: boolean;
}

/**
 * Reads an operation of the API, again whenever a notice of the stream touches it.
 *
 * @example useApi('getRun', { id })
 */
export function useApi<Name extends EndpointName>(
  name: Name,
  args: CallArguments<Name>,
  options: ReadOptions = {},
): UseQueryResult<CallResult<Name>> {
  return useQuery({
    queryKey: keyOf(name, args),
    queryFn: () => call(name, args),
    enabled: options.enabled ?? true,
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  }) as UseQueryResult<CallResult<Name>>;
}

/** One page of a list, as every list of the API answers. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  /** Not all that fits was looked through, where a list says so. */
  readonly cut?: boolean;
}

type ItemOf<Name extends EndpointName> = CallResult<Name> extends ListPage<infer Item> ? Item : never;

/** A list that grows by its cursor. */
export interface Pages<Item> {
  readonly items: readonly Item[];
  readonly query: UseInfiniteQueryResult<InfiniteData<ListPage<Item>>>;
}

/** Reads a list page by page; `items` holds all that were read so far. */
export function useApiPages<Name extends EndpointName>(
  name: Name,
  args: CallArguments<Name>,
  options: ReadOptions = {},
): Pages<ItemOf<Name>> {
  const query = useInfiniteQuery({
    queryKey: [name, args, 'pages'],
    queryFn: ({ pageParam }) => {
      const { query: asked } = args as { readonly query?: object };
      return call(name, { ...args, query: { ...asked, ...(pageParam ? { cursor: pageParam } : {}) } });
    },
    initialPageParam: '',
    getNextPageParam: (page) => (page as ListPage<unknown>).next,
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
  }) as unknown as UseInfiniteQueryResult<InfiniteData<ListPage<ItemOf<Name>>>>;
  // The same list as long as nothing of it changes: what is drawn from it is left alone then.
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { items, query };
}

/** What happens around a change. */
export interface ActionOptions<Name extends EndpointName> {
  /** What is said when it is done; nothing when left out. */
  readonly done?: string | ((result: CallResult<Name>, args: CallArguments<Name>) => string);
  /** Takes it back; shown as a button beside what is said. */
  readonly undo?: (result: CallResult<Name>, args: CallArguments<Name>) => Promise<unknown>;
  /** Operations whose readings are stale now. */
  readonly refresh?: readonly EndpointName[];
  readonly onDone?: (result: CallResult<Name>, args: CallArguments<Name>) => void;
  /** The answer holds a secret: it is forgotten as soon as nobody shows it. Default false. */
  readonly forget?: boolean;
  /** Default: the error is shown as a notice. Return true when it was dealt with. */
  readonly onError?: (error: Error, args: CallArguments<Name>) => boolean;
}

/** Makes everything that was read by these operations be read again where it is shown. */
export async function refresh(names: readonly EndpointName[]): Promise<void> {
  await Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));
}

function wishOf(args: unknown): string {
  return JSON.stringify(args) ?? '';
}

/**
 * A change that people make, done once however often it is asked for meanwhile: says when it is done, offers to take it
 * back, and shows what went wrong.
 */
export function useAction<Name extends EndpointName>(
  name: Name,
  options: ActionOptions<Name> = {},
): UseMutationResult<CallResult<Name>, Error, CallArguments<Name>> {
  const stale = options.refresh ?? [];
  const running = useRef(new Set<string>());
  const mutation = useMutation<CallResult<Name>, Error, CallArguments<Name>>({
    ...(options.forget ? { gcTime: 0 } : {}),
    mutationFn: (args) => call(name, args).finally(() => running.current.delete(wishOf(args))),
    onSuccess: async (result, args) => {
      const { done, undo } = options;
      const text = typeof done === 'function' ? done(result, args) : done;
      if (text !== undefined) {
        const back =
          undo &&
          (async () => {
            await undo(result, args);
            await refresh(stale);
          });
        showDone(text, back);
      }
      options.onDone?.(result, args);
      await refresh(stale);
    },
    onError: (error, args) => {
      if (!options.onError?.(error, args)) showError(error);
    },
  });
  const { mutate } = mutation;
  const mutateOnce = useCallback<typeof mutate>(
    (...asked) => {
      const wish = wishOf(asked[0]);
      // A double click wants it once: the button shows only with the next drawing that it is under way.
      if (running.current.has(wish)) return;
      running.current.add(wish);
      mutate(...asked);
    },
    [mutate],
  );
  return { ...mutation, mutate: mutateOnce };
}

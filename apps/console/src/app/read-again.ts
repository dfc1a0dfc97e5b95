import type { Query, QueryClient } from '@tanstack/react-query';

/** A list that was read further than so many pages is not read again with every change: that is as many requests. */
const FEW_PAGES = 5;
const LONG_LIST_MILLIS = 15_000;

function pagesOf({ state }: Query): number {
  const { pages } = (state.data ?? {}) as { readonly pages?: unknown };
  return Array.isArray(pages) ? pages.length : 0;
}

/** Whether it must wait: what is being read now would be begun anew and never end while things keep changing. */
function mustWait(query: Query, now: number): boolean {
  if (!query.isActive()) return false;
  if (query.state.fetchStatus === 'fetching') return true;
  return pagesOf(query) > FEW_PAGES && now - query.state.dataUpdatedAt < LONG_LIST_MILLIS;
}

/**
 * Reads again what these operations have read: what is shown at once, what is not when it is shown next.
 *
 * @returns the operations that must be read again once more, because a reading of them was under way, or was a long list
 * that was read not long ago
 */
export function readAgain(client: QueryClient, names: ReadonlySet<string>, now: number): ReadonlySet<string> {
  const later = new Set<string>();
  const due = (query: Query): boolean => {
    const name = String(query.queryKey[0]);
    if (!names.has(name)) return false;
    if (!mustWait(query, now)) return true;
    later.add(name);
    return false;
  };
  void client.invalidateQueries({ predicate: due });
  return later;
}

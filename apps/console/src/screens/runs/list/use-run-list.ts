import { useCallback, useMemo, useState } from 'react';
import { useApi, useApiPages } from '../../../app/use-api.ts';
import { type ListState, queryOf } from './list-state.ts';

const MINUTE = 60_000;

/**
 * The list of runs as it stood when it was opened: what has begun since is counted, not put in, so that no row moves under
 * the pointer. States of the rows that are there follow.
 */
export function useRunList(state: ListState) {
  const [opened, setOpened] = useState(() => Date.now());
  const asked = useMemo(() => queryOf(state, Math.floor(opened / MINUTE) * MINUTE), [state, opened]);
  const list = useApiPages('listRuns', { query: { ...asked, until: opened } });
  const fresh = useApi('listRuns', { query: { ...asked, limit: 50, since: opened } }, { keep: true });
  const count = fresh.data?.items.length ?? 0;
  // The clock of this machine may be behind that of the server.
  const newest = fresh.data?.items[0]?.created_at ?? 0;
  return {
    ...list,
    /** How many have begun since, up to 50. */
    fresh: { count, more: fresh.data?.next != null },
    /** Puts them in. */
    bringIn: useCallback(() => setOpened(Math.max(Date.now(), newest + 1)), [newest]),
  };
}

import { useMemo } from 'react';
import { useApi } from '../../app/use-api.ts';

/** Who can own a case, and the names of users by id. */
export function usePeople() {
  const people = useApi('listPeople', {});
  return useMemo(() => {
    const items = people.data?.items ?? [];
    return { items, names: new Map(items.map(({ id, name }) => [id, name])) as ReadonlyMap<string, string> };
  }, [people.data]);
}

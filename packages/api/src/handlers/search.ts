import type { SearchEndpointName } from '@counterpoint/contracts';
import type { Handlers } from '../handler-types.ts';
import { FINDERS, MOST_FOUND } from '../search/finders.ts';
import type { SearchServices } from '../search/search-services.ts';
import { looksForWords, readSought } from '../search/sought.ts';
import { createTitleWindow, TITLED } from '../search/title-window.ts';

/** Performs the search for anything. */
export function searchHandlers(services: SearchServices): Handlers<SearchEndpointName> {
  const looking = { ...services, since: createTitleWindow(services.store, services.clock) };
  return {
    async search({ query, principal }) {
      const sought = readSought(query.q);
      const allowed = FINDERS.filter(({ permission }) => principal.permissions.has(permission));
      const found = await Promise.all(
        allowed.map(async ({ kind, find }) => {
          const items = new Map((await find(sought, looking)).map((item) => [item.ref, { kind, ...item }]));
          return [...items.values()].slice(0, MOST_FOUND);
        }),
      );
      const titled = TITLED.filter((table) => looksForWords(sought) && allowed.some(({ titles }) => titles === table));
      const since = Math.max(0, ...(await Promise.all(titled.map(looking.since))));
      return { items: found.flat(), titles_since: since === 0 ? null : since };
    },
  };
}

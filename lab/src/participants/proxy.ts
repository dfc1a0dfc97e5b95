import { createBlockList } from './block-list.ts';
import type { Tool } from './tool.ts';
import { urlOf } from './values.ts';

/** A simulated web proxy. */
export interface WebProxy extends Tool {
  /** What happens when a machine asks for a URL. */
  fetch(url: string): 'fetched' | 'blocked';
  blocked(): readonly string[];
}

/** Makes a {@link WebProxy} that blocks nothing yet. */
export function createProxy(): WebProxy {
  const urls = createBlockList(
    {
      put: 'block_url',
      lift: 'unblock_url',
      look: 'get_url_block',
      field: 'url',
      was: 'already_blocked',
      is: 'blocked',
    },
    urlOf,
  );
  return {
    id: 'proxy',
    actions: urls.actions,
    fetch: (url) => (urls.has(url) ? 'blocked' : 'fetched'),
    blocked: () => urls.values(),
  };
}

import { createBlockList } from './block-list.ts';
import type { Tool } from './tool.ts';
import { domainOf } from './values.ts';

/** A simulated name server that can send names to nowhere. */
export interface DnsSinkhole extends Tool {
  /** What a machine gets that asks for a name: a blocked one takes all names under it along. */
  resolve(name: string): 'answered' | 'sinkholed';
  blocked(): readonly string[];
}

/** Makes a {@link DnsSinkhole} that answers for every name. */
export function createDnsSinkhole(): DnsSinkhole {
  const domains = createBlockList(
    {
      put: 'block_domain',
      lift: 'unblock_domain',
      look: 'get_domain_block',
      field: 'domain',
      was: 'already_blocked',
      is: 'blocked',
    },
    domainOf,
  );
  return {
    id: 'dns_sinkhole',
    actions: domains.actions,
    resolve(name) {
      const wanted = domainOf(name);
      const hit = domains.values().some((one) => wanted === one || wanted.endsWith(`.${one}`));
      return hit ? 'sinkholed' : 'answered';
    },
    blocked: () => domains.values(),
  };
}

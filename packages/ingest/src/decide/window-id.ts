import { stableId } from '@counterpoint/core';

/** Id of the dedup window of a finding key. */
export function keyWindowId(source: string, key: string): string {
  return stableId('dedup', source, 'key', key);
}

/** Id of the dedup window of one very record. */
export function identityWindowId(source: string, identity: string): string {
  return stableId('dedup', source, 'identity', identity);
}

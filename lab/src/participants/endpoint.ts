import { createBlockList } from './block-list.ts';
import type { Tool } from './tool.ts';
import { hostOf, sha256Of } from './values.ts';

/** Simulated protection on the machines. */
export interface Endpoint extends Tool {
  /** What happens when somebody on a machine opens a file. */
  open(sha256: string): 'runs' | 'blocked';
  /** Whether a machine can speak with others. */
  reaches(host: string): boolean;
  blocked(): readonly string[];
}

/** Makes an {@link Endpoint} that blocks and isolates nothing yet. */
export function createEndpoint(): Endpoint {
  const files = createBlockList(
    {
      put: 'block_file',
      lift: 'unblock_file',
      look: 'get_file_block',
      field: 'sha256',
      was: 'already_blocked',
      is: 'blocked',
    },
    sha256Of,
  );
  const hosts = createBlockList(
    {
      put: 'isolate_host',
      lift: 'release_host',
      look: 'get_isolation',
      field: 'host',
      was: 'already_isolated',
      is: 'isolated',
    },
    hostOf,
  );
  return {
    id: 'endpoint',
    actions: { ...files.actions, ...hosts.actions },
    open: (sha256) => (files.has(sha256) ? 'blocked' : 'runs'),
    reaches: (host) => !hosts.has(host),
    blocked: () => files.values(),
  };
}

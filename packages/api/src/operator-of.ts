import type { Operator } from '@counterpoint/engine';
import type { Principal } from '@counterpoint/identity';

interface Asked {
  readonly reason: string;
  readonly request?: string | undefined;
}

/** Who steers a run, why, and under which request: repeated, it has no second effect. */
export function operatorOf({ ref }: Principal, { reason, request }: Asked): Operator {
  return { principal: ref, reason, request };
}

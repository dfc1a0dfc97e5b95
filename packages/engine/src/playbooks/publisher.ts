import { newTraceId } from '@counterpoint/core';
import type { Change } from '@counterpoint/events';

/** Who publishes or enables, when (Unix milliseconds), and on which trace (default: a new one). */
export interface Publisher {
  readonly principal: string;
  readonly now: number;
  readonly trace?: string;
}

/** The audit entry of something that was done to a playbook. */
export function auditOf(
  { principal, now, trace = newTraceId() }: Publisher,
  action: string,
  playbook: string,
  data: Readonly<Record<string, string | number>>,
): NonNullable<Change['audit']> {
  return [{ at: now, principal, action, object: `playbook:${playbook}`, data, trace }];
}

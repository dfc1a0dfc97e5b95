import type { Lease, Retry } from '../plan.ts';
import type { Part, Reading } from './context.ts';
import { asMap, child, duration, number, oneOf, refuseOthers, texts } from './fields.ts';

/** The map of a field as a part of its own. */
export function inner(part: Part, field: string, reading: Reading): Part | undefined {
  const value = child(part, field);
  const node = value && asMap(value, field, reading);
  return node && { node, name: field };
}

/** `retry: {attempts, delay, backoff, max_delay, on}`. */
export function readRetry(part: Part, reading: Reading): Retry | undefined {
  const retry = inner(part, 'retry', reading);
  if (!retry) return undefined;
  refuseOthers(retry, ['attempts', 'delay', 'backoff', 'max_delay', 'on'], reading);
  return {
    attempts: number(retry, 'attempts', { min: 1, max: 100, whole: true }, reading) ?? 3,
    delay: duration(retry, 'delay', reading) ?? 1_000,
    backoff: number(retry, 'backoff', { min: 1, max: 10, whole: false }, reading) ?? 2,
    maxDelay: duration(retry, 'max_delay', reading) ?? 300_000,
    on: texts(retry, 'on', reading),
  };
}

/** `lease: {for, while, max}`; it must be bounded by `for` or `while`. */
export function readLease(part: Part, reading: Reading): Lease | undefined {
  const lease = inner(part, 'lease', reading);
  if (!lease) return undefined;
  refuseOthers(lease, ['for', 'while', 'max'], reading);
  const result = {
    for: duration(lease, 'for', reading),
    while: oneOf(lease, 'while', ['case_open'], reading),
    max: duration(lease, 'max', reading),
  };
  const bounded = child(lease, 'for') ?? child(lease, 'while');
  if (!bounded) reading.report.add('missing_field', lease.node.position, { where: 'lease', field: 'for' });
  return result;
}

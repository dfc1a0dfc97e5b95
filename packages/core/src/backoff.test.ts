import { describe, expect, it } from 'vitest';
import { backoffDelay } from './backoff.ts';

describe('backoffDelay', () => {
  it('grows by the factor up to the maximum, and jitter takes at most half', () => {
    const policy = { delay: 100, factor: 2, max: 500 };
    expect([1, 2, 3, 4, 99].map((attempt) => backoffDelay(policy, attempt))).toEqual([100, 200, 400, 500, 500]);
    expect(backoffDelay(policy, 1, 1)).toBe(50);
  });
});

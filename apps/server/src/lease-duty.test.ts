import type { LeaseKeeper } from '@counterpoint/actions';
import { describe, expect, it } from 'vitest';
import { leaseDuty } from './lease-duty.ts';

describe('leaseDuty', () => {
  it('begins at once although a product hangs, and ends when what is under way has ended', async () => {
    const product = Promise.withResolvers<void>();
    const keeper: LeaseKeeper = { start: () => product.promise, stop: async () => {}, settle: async () => {} };
    const end = await leaseDuty(keeper).begin();
    let ended = false;
    const ending = Promise.resolve(end()).then(() => {
      ended = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    product.resolve();
    await ending;
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMeter } from './meter.ts';

describe('a meter', () => {
  it('says so exactly when more than the limit have come within the window', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 100 }), gaps, (limit, window, waits) => {
        const meter = createMeter(limit, window);
        const seen: number[] = [];
        let now = 1_000;
        for (const wait of waits) {
          now += wait;
          seen.push(now);
          expect(meter.count(now)).toBe(seen.filter((at) => at > now - window).length > limit);
        }
      }),
    );
  });

  it('begins anew, and knows when it may be forgotten', () => {
    const meter = createMeter(1, 100);
    meter.count(0);
    meter.reset();
    expect(meter.count(1)).toBe(false);
    expect([meter.isIdle(100), meter.isIdle(101)]).toEqual([false, true]);
  });
});

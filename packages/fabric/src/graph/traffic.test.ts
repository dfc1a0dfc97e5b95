import { manualClock } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { createTraffic } from './traffic.ts';

describe('traffic', () => {
  it('counts by topic and publisher, and forgets after an hour', () => {
    const clock = manualClock();
    const traffic = createTraffic(clock);
    traffic.note({ type: 'a.v1', participant: 'x' });
    traffic.note({ type: 'a.v1', participant: 'y' });
    clock.advance(30 * 60_000);
    traffic.note({ type: 'b.v1', participant: 'x' });
    expect([traffic.ofTopic('a.v1'), traffic.by('x'), traffic.by('x', 'a.v1'), traffic.by('z')]).toEqual([2, 2, 1, 0]);
    expect(traffic.topics()).toEqual(['a.v1', 'b.v1']);
    clock.advance(31 * 60_000);
    expect([traffic.ofTopic('a.v1'), traffic.by('x')]).toEqual([0, 1]);
    expect(traffic.topics()).toEqual(['b.v1']);
  });

  it('is not filled up by whoever invents topics', () => {
    const traffic = createTraffic(manualClock());
    traffic.note({ type: 'known.v1', participant: 'x' });
    for (let n = 0; n < 20_000; n++) traffic.note({ type: `dxl.t${n}`, participant: 'x' });
    traffic.note({ type: 'known.v1', participant: 'x' });
    expect(traffic.topics()).toHaveLength(10_000);
    expect(traffic.ofTopic('known.v1')).toBe(2);
  });
});

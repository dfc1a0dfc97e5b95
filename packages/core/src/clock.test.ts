import { describe, expect, it } from 'vitest';
import { manualClock, systemClock } from './clock.ts';

describe('manualClock', () => {
  it('runs what became due, in order, at its own time', () => {
    const clock = manualClock(1_000);
    const seen: [string, number][] = [];
    clock.after(20, () => seen.push(['second', clock.now()]));
    clock.after(10, () => {
      seen.push(['first', clock.now()]);
      clock.after(5, () => seen.push(['nested', clock.now()]));
    });
    clock.after(50, () => seen.push(['late', clock.now()]));
    clock.advance(30);
    expect(seen).toEqual([
      ['first', 1_010],
      ['nested', 1_015],
      ['second', 1_020],
    ]);
    expect(clock.now()).toBe(1_030);
    expect(clock.pending).toBe(1);
    expect(clock.nextDue).toBe(1_050);
  });

  it('measures how long by time that passed, not by what somebody set the clock to', () => {
    const clock = manualClock(1_000);
    const seen: number[] = [];
    clock.after(10, () => seen.push(clock.now()));
    clock.step(3_600_000);
    expect(seen).toEqual([]);
    expect(clock.monotonic()).toBe(0);
    clock.advance(10);
    expect(seen).toEqual([3_601_010]);
    clock.step(-3_600_000);
    expect([clock.now(), clock.monotonic()]).toEqual([1_010, 10]);
  });

  it('forgets what was cancelled', () => {
    const clock = manualClock();
    const cancel = clock.after(1, () => expect.unreachable());
    cancel();
    clock.advance(10);
    expect(clock.pending).toBe(0);
  });
});

describe('systemClock', () => {
  it('is never early and can be cancelled', async () => {
    const started = systemClock.now();
    await new Promise<void>((resolve) => {
      systemClock.after(15, resolve);
    });
    expect(systemClock.now() - started).toBeGreaterThanOrEqual(15);
    systemClock.after(5, () => expect.unreachable())();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

import { manualClock } from '@counterpoint/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTraffic } from './traffic.ts';

/** An event of now. */
const eventOf = (clock: { now(): number }, type: string, participant: string) => ({
  type,
  participant,
  time: new Date(clock.now()).toISOString(),
});

describe('traffic', () => {
  it('counts by topic and publisher, and forgets after an hour', () => {
    const clock = manualClock();
    const all = createTraffic(clock);
    const traffic = all.over('1h');
    all.note(eventOf(clock, 'a.v1', 'x'));
    all.note(eventOf(clock, 'a.v1', 'y'));
    clock.advance(30 * 60_000);
    all.note(eventOf(clock, 'b.v1', 'x'));
    expect([traffic.ofTopic('a.v1'), traffic.by('x'), traffic.by('x', 'a.v1'), traffic.by('z')]).toEqual([2, 2, 1, 0]);
    expect(traffic.topics()).toEqual(['a.v1', 'b.v1']);
    clock.advance(31 * 60_000);
    expect([traffic.ofTopic('a.v1'), traffic.by('x')]).toEqual([0, 1]);
    expect(traffic.topics()).toEqual(['b.v1']);
  });

  it('agrees with counting one by one, whatever comes when', () => {
    const event = fc.record({
      type: fc.constantFrom('a.v1', 'b.v1', 'dxl.c'),
      participant: fc.constantFrom('x', 'y'),
      wait: fc.integer({ min: 0, max: 40 * 60_000 }),
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const clock = manualClock();
        const all = createTraffic(clock);
        const traffic = all.over('1h');
        const noted: { type: string; participant: string; minute: number }[] = [];
        const minute = () => Math.floor(clock.now() / 60_000);
        for (const { wait, ...one } of events) {
          clock.advance(wait);
          all.note(eventOf(clock, one.type, one.participant));
          noted.push({ ...one, minute: minute() });
        }
        const recent = noted.filter((one) => one.minute > minute() - 60);
        const of = (type: string) => recent.filter((one) => one.type === type);
        for (const type of ['a.v1', 'b.v1', 'dxl.c']) {
          expect(traffic.ofTopic(type)).toBe(of(type).length);
          expect(traffic.publishers(type)).toEqual([...new Set(of(type).map((one) => one.participant))].sort());
          expect(traffic.by('x', type)).toBe(of(type).filter(({ participant }) => participant === 'x').length);
        }
        expect(traffic.by('y')).toBe(recent.filter(({ participant }) => participant === 'y').length);
        expect(traffic.topics()).toEqual([...new Set(recent.map(({ type }) => type))].sort());
      }),
    );
  });

  it('counts an event in the minute of its time: late ones not at all, ones ahead of the clock now', () => {
    const clock = manualClock(1_000_000_000_000);
    const all = createTraffic(clock);
    const traffic = all.over('1h');
    all.add('late.v1', 'x', clock.now() - 61 * 60_000, 5);
    all.add('a.v1', 'x', clock.now() - 40 * 60_000, 3);
    all.add('a.v1', 'x', clock.now() + 40 * 60_000, 2);
    expect([traffic.topics(), traffic.ofTopic('a.v1')]).toEqual([['a.v1'], 5]);
    clock.advance(30 * 60_000);
    expect(traffic.ofTopic('a.v1')).toBe(2);
    clock.advance(31 * 60_000);
    expect(traffic.ofTopic('a.v1')).toBe(0);
  });

  it('goes back as far as is asked for', () => {
    const clock = manualClock(1_000_000_000_000);
    const traffic = createTraffic(clock);
    for (const hours of [25, 20, 0.5, 0]) traffic.add('a.v1', 'x', clock.now() - hours * 3_600_000, 1);
    const counts = () => (['15m', '1h', '24h'] as const).map((span) => traffic.over(span).ofTopic('a.v1'));
    expect(counts()).toEqual([1, 2, 3]);
    clock.advance(20 * 60_000);
    expect(counts()).toEqual([0, 2, 3]);
    clock.advance(24 * 3_600_000);
    expect(counts()).toEqual([0, 0, 0]);
  });

  it('is not filled up by whoever invents topics', () => {
    const clock = manualClock();
    const all = createTraffic(clock);
    const traffic = all.over('1h');
    all.note(eventOf(clock, 'known.v1', 'x'));
    for (let n = 0; n < 20_000; n++) all.note(eventOf(clock, `dxl.t${n}`, 'x'));
    all.note(eventOf(clock, 'known.v1', 'x'));
    expect(traffic.topics()).toHaveLength(10_000);
    expect(traffic.ofTopic('known.v1')).toBe(2);
  });
});

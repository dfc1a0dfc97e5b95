import { describe, expect, it } from 'vitest';
import { createPulseBook, DEFAULT_LIMITS } from './pulses.ts';

describe('pulses', () => {
  it('starts one for a single event, in the next frame', () => {
    const book = createPulseBook();
    expect(book.frame(0)).toEqual([]);
    book.note(['a', 'b']);
    expect(book.frame(16)).toEqual(['a', 'b']);
    expect(book.frame(32)).toEqual([]);
  });

  it('does not start another one on an edge before the last has moved on', () => {
    const book = createPulseBook();
    book.note(['a']);
    book.frame(0);
    book.note(['a']);
    expect(book.frame(100)).toEqual([]);
    book.note(['a']);
    expect(book.frame(DEFAULT_LIMITS.apart + 100)).toEqual(['a']);
  });

  it('starts no more than allowed in a second, however much comes', () => {
    const book = createPulseBook();
    let started = 0;
    for (let now = 0; now <= 10_000; now += 16) {
      for (let n = 0; n < 8; n++) book.note([`edge ${(now / 16 + n) % 400}`]);
      started += book.frame(now).length;
    }
    expect(started).toBeGreaterThan(9 * DEFAULT_LIMITS.perSecond);
    expect(started).toBeLessThanOrEqual(11 * DEFAULT_LIMITS.perSecond);
  });

  it('tells the rate of edges that are too busy to be drawn one by one, and forgets it when they are quiet', () => {
    const book = createPulseBook();
    for (let now = 0; now < 3_000; now += 20) {
      for (let n = 0; n < 10; n++) book.note(['busy']);
      if (now % 1_000 === 0) book.note(['quiet']);
      book.frame(now);
    }
    const rates = book.rates(3_000);
    expect(rates.get('busy')).toBeGreaterThan(350);
    expect(rates.get('busy')).toBeLessThan(550);
    expect(rates.has('quiet')).toBe(false);
    expect(book.rates(6_000).size).toBe(0);
  });
});

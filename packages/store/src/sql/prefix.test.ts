import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfPrefix } from './prefix.ts';

const compare = (one: string, two: string) => Buffer.compare(Buffer.from(one), Buffer.from(two));

describe('endOfPrefix', () => {
  it('bounds exactly the texts that start with the prefix, in the order of their bytes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(text, text, (prefix, tail) => {
        const end = endOfPrefix(prefix);
        const within = (value: string) => compare(value, prefix) >= 0 && (end === undefined || compare(value, end) < 0);
        expect(within(prefix + tail)).toBe(true);
        expect(within(tail)).toBe(tail.startsWith(prefix));
      }),
      { numRuns: 1000 },
    );
  });

  it('steps over the surrogates and past the last code point', () => {
    expect(endOfPrefix('a\ud7ff')).toBe('a\ue000');
    expect(endOfPrefix('a\u{10ffff}')).toBe('b');
    expect(endOfPrefix('\u{10ffff}\u{10ffff}')).toBeUndefined();
    expect(endOfPrefix('')).toBeUndefined();
  });
});

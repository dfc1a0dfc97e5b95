import { describe, expect, it } from 'vitest';
import { flag, oneOf, readUrl, several, text, whole } from './url-fields.ts';

describe('fields of an address', () => {
  it('reads text, also where the router sees a number or a word of its own', () => {
    expect(text()('x')).toBe('x');
    expect(text()(42)).toBe('42');
    expect(text()(true)).toBe('true');
    expect(text()(undefined)).toBeUndefined();
    expect(text('none')({ x: 1 })).toBe('none');
    expect(text('', 3)('long')).toBe('');
  });

  it('reads one of some words, and nothing else', () => {
    expect(oneOf(['a', '1'])('a')).toBe('a');
    expect(oneOf(['a', '1'])(1)).toBe('1');
    expect(oneOf(['a', 'b'], 'b')('c')).toBe('b');
    expect(oneOf(['a'])(['a', 'b'])).toBeUndefined();
  });

  it('reads several words as a list or with commas, without what does not belong', () => {
    expect(several()('a,b')).toEqual(['a', 'b']);
    expect(several()(['a', 7, 'b'])).toEqual(['a', 'b']);
    expect(several(['a', 'b'])('b,nonsense')).toEqual(['b']);
    expect(several()('')).toBeUndefined();
    expect(several()([])).toBeUndefined();
    expect(several()(7)).toBeUndefined();
  });

  it('reads yes and no, and whole numbers', () => {
    expect([true, 'true', 1, '1'].map(flag)).toEqual([true, true, true, true]);
    expect([false, 'false', 0, undefined, 'yes', {}].map(flag)).toEqual([false, false, false, false, false, false]);
    expect([7, '7', '', 7.5, 'x', undefined].map(whole)).toEqual([7, 7, undefined, undefined, undefined, undefined]);
  });

  it('reads every field by itself', () => {
    const fields = { q: text(''), tab: oneOf(['one', 'two'], 'one'), row: whole };
    expect(readUrl(fields, { q: 'x', tab: 'three', row: 5, other: 1 })).toEqual({ q: 'x', tab: 'one', row: 5 });
  });
});

import { describe, expect, it } from 'vitest';
import { editable, readObject, sameJson } from './json-object.ts';

describe('a map in an editor', () => {
  it('is read, and given back as it was', () => {
    const value = { ip: '203.0.113.7', list: [1, { a: null }] };
    expect(readObject(editable(value))).toEqual({ value });
    expect(editable(null)).toBe('{}');
  });

  it.each(['[1]', '1', '"x"', 'null'])('is not %s', (text) => {
    expect(readObject(text).problem).toMatch(/map/);
  });

  it('says where a mistake is', () => {
    expect(readObject('{\n  "a": 1,\n  oops\n}').problem).toMatch(/line 3/);
  });

  it('is the same whatever the order of its fields', () => {
    expect(sameJson({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toBe(true);
    expect(sameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  });
});

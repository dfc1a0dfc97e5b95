import type { Json } from '@counterpoint/core';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { deviations, show } from './subset.ts';

const paths = (expected: Json, actual: Json): string[] => deviations(expected, actual).map(({ path }) => path);

describe('deviations', () => {
  it('lets maps hold more than is expected, at any depth', () => {
    expect(paths({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 })).toEqual([]);
  });

  it('compares lists as a whole, item by item', () => {
    expect(paths([{ a: 1 }], [{ a: 1, b: 2 }])).toEqual([]);
    expect(paths([1, 2], [1, 3])).toEqual(['[1]']);
    expect(deviations([1], [1, 2])).toEqual([{ path: '', expected: '1 items [1]', actual: '2 items [1,2]' }]);
  });

  it('tells apart what only looks alike', () => {
    expect(paths({ a: null }, {})).toEqual(['.a']);
    expect(paths({ a: '1' }, { a: 1 })).toEqual(['.a']);
    expect(paths({ a: {} }, { a: [] })).toEqual(['.a']);
    expect(paths({ a: [] }, { a: {} })).toEqual(['.a']);
    expect(paths({ toString: null }, {})).toEqual(['.toString']);
  });

  test.prop([fc.jsonValue()])('finds none between a value and itself', (value) => {
    const json = JSON.parse(JSON.stringify(value)) as Json;
    expect(deviations(json, json)).toEqual([]);
  });
});

describe('show', () => {
  it('cuts long values', () => {
    expect(show('x'.repeat(1_000)).length).toBeLessThan(210);
    expect(show(undefined)).toBe('nothing');
  });
});

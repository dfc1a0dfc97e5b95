import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hashJson, jsonDepth, parseJson } from './json.ts';

describe('parseJson', () => {
  it('refuses what is nested too deep before parsing it', () => {
    const bomb = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => parseJson(bomb)).toThrow(/deeper than 64/);
    expect(parseJson('['.repeat(64) + ']'.repeat(64))).toBeDefined();
  });

  it('says where the text stops being JSON', () => {
    expect(() => parseJson('{"a": nope}')).toThrow(/not valid JSON: Unexpected token/);
  });

  it('keeps __proto__ as plain data', () => {
    const value = parseJson('{"__proto__": {"polluted": true}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('jsonDepth', () => {
  it('does not count brackets in strings', () => {
    expect(jsonDepth('["[[[", "\\"[["]')).toBe(1);
    expect(jsonDepth('{"a":[{"b":1}]}')).toBe(3);
  });

  test.prop([fc.json({ maxDepth: 10 })])('reads any JSON that fits', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });
});

describe('canonicalJson', () => {
  test.prop([fc.dictionary(fc.string(), fc.jsonValue())])('does not depend on the order of keys', (value) => {
    const reversed = Object.fromEntries(Object.entries(value).reverse());
    expect(hashJson(reversed)).toBe(hashJson(value));
  });

  it('sorts nested keys and keeps the order of lists', () => {
    expect(canonicalJson({ b: [2, 1], a: { d: undefined, c: 3n } })).toBe('{"a":{"c":3},"b":[2,1]}');
  });
});

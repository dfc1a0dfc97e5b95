import { describe, expect, it } from 'vitest';
import { comparison, conjuncts, conjunctsOfNegation } from './facts.ts';

describe('conjuncts', () => {
  it.each([
    ['a', ['a']],
    ['a && b', ['a', 'b']],
    ['(a && b) && (c)', ['a', 'b', 'c']],
    ['a && (b || c)', ['a', 'b || c']],
    ['a && b || c', ['a && b || c']],
    ['x ? a : b && c', ['x ? a : b && c']],
    ['steps.?a.?b.orValue(false) && c', ['steps.?a.?b.orValue(false)', 'c']],
    ['a == "x && y" && b', ['a == "x && y"', 'b']],
    ['list.exists(v, v.a && v.b)', ['list.exists(v, v.a && v.b)']],
    ['!(a && b)', ['!(a && b)']],
  ])('of %s', (condition, expected) => {
    expect(conjuncts(condition)).toEqual(expected);
  });
});

describe('conjunctsOfNegation', () => {
  it.each([
    ['!a', ['a']],
    ['!steps.decision.approved', ['steps.decision.approved']],
    ['!(a && b)', ['a', 'b']],
    ['!a || !(b in c)', ['a', 'b in c']],
    ['a', []],
    ['a != b', []],
    ['!a && b', []],
    ['!a == b', []],
    ['!(a) && (b)', []],
    ['!a ? b : c', []],
  ])('of %s', (condition, expected) => {
    expect(conjunctsOfNegation(condition)).toEqual(expected);
  });
});

describe('comparison', () => {
  it.each([
    ['event.ip in inputs.allowed', { value: 'event.ip', other: 'inputs.allowed' }],
    ['event . ip == "a == b"', { value: 'event.ip', other: '"a == b"' }],
    ['x in ["a", "b"]', { value: 'x', other: '["a", "b"]' }],
    ['steps.?a.orValue("") == "x"', { value: 'steps.?a.orValue("")', other: '"x"' }],
    ['a == b == c', undefined],
    ['a in b || c', undefined],
    ['a in b ? true : c', undefined],
    ['a != b', undefined],
    ['a < b == true', undefined],
    ['list.exists(v, v in b)', undefined],
  ])('of %s', (fact, expected) => {
    expect(comparison(fact)).toEqual(expected);
  });
});

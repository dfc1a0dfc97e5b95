import { isCounterpointError } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';

const list = Array.from({ length: 1_000 }, (_, index) => ({ n: index, text: `item ${index}` }));
const scope = { list, text: 'a'.repeat(50_000), long: 'b'.repeat(1_000_000), pattern: '^(a+)+$' };

/** The code that evaluating ends with; `none` when it gives a value. What is not stopped outlasts the test. */
function outcome(source: string, budget?: number): string {
  const compiled = compileExpression(source);
  try {
    compiled.evaluate(scope, budget === undefined ? {} : { budget });
    return 'none';
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return error.code;
  }
}

const doubling = Array.from({ length: 12 }).reduce<string>((text) => `(${text}).replace("a", "aaaaaaaaaa")`, '"a"');

describe('the step budget', () => {
  it.each([
    doubling,
    'list.map(a, list.map(b, list.map(c, 1)))',
    'list.map(a, list.map(b, list.map(c, a.n + b.n + c.n > 3 || c.text == a.text ? 1 : 2)))',
    'list.exists(a, list.exists(b, list.exists(c, a.n + b.n + c.n < 0)))',
    'list.exists(a, list.exists(b, list.exists(c, c.nope > 0)))',
    'list.map(a, list.sort_by(b, -b.n))',
    'list.map(a, list.unique())',
    'list.map(a, list == list.map(b, b))',
    'list.map(a, list + list)',
    'list.map(a, {"x": a} in list)',
    'list.map(a, json(list))',
    'list.map(a, list.group_by(b, b.n))',
    'list.map(a, text.split(""))',
    'list.map(a, long.replace("b", ""))',
    'list.map(a, list.map(b, sha256(b.text)))',
    'list.map(a, list.map(b, valid.domain("www.example.co.uk")))',
    'list.map(a, list.map(b, format_time(b.n, "YYYY", "Europe/Zurich")))',
    'list.map(a, text.rx("(x+x+)+y|" + a.text))',
    'list.map(a, text.rx_find_all("a*b|a"))',
    'long.rx_find("(b|bb)*c$|b")',
  ])('stops %s', (source) => {
    expect(outcome(source)).toBe('expressions.budget_exceeded');
  });

  it('is not escaped by operators that swallow errors', () => {
    expect(outcome('list.exists(a, list.exists(b, list.all(c, c.n > 0 || c.n < 5))) || true', 1_000)).toBe(
      'expressions.budget_exceeded',
    );
    expect(outcome('coalesce(list.map(a, list.map(b, 1)), 1)', 1_000)).toBe('expressions.budget_exceeded');
  });

  it('leaves room for what playbooks do', () => {
    expect(outcome('list.filter(a, a.n > 10 && a.text.startsWith("item")).map(a, a.text.upper())')).toBe('none');
  });

  it('is the caller’s to set', () => {
    expect(outcome('list.map(a, a.n)', 100)).toBe('expressions.budget_exceeded');
    expect(outcome('list.map(a, a.n)', 10_000)).toBe('none');
  });

  it('lets a pattern that explodes elsewhere run in linear time', () => {
    expect(outcome('text.rx(pattern) && !(text + "!").rx(pattern)')).toBe('none');
  });
});

describe('the output bound', () => {
  it.each([
    'list.map(a, long).join("")',
    'json(list.map(a, long))',
    'list.map(a, long)',
    'list.map(a, {"x": long})',
    'long + long + long + long + long',
    'long.replace("bbbb", "bbbbbbbbbbbbbbbbbbbbbb")',
    'base64(long + long + long + long)',
    'string(list.map(a, long))',
  ])('stops %s', (source) => {
    expect(outcome(source)).toBe('expressions.output_too_large');
  });
});

describe('patterns', () => {
  it.each([
    '"a".rx("("+")"+"(?=a)")',
    `"a".rx("${'a'.repeat(1_001)}")`,
    '"a".rx("(a{1,100}){1,100}")',
    String.raw`"a".rx("(a)\\1")`,
  ])('are refused when they are not RE2 or too large: %s', (source) => {
    expect(outcome(source)).toBe('expressions.invalid_pattern');
  });
});

import { isCounterpointError } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';

const list = Array.from({ length: 1_000 }, (_, index) => ({ n: index, text: `item ${index}` }));
const scope = { list, text: 'a'.repeat(50_000), long: 'b'.repeat(1_000_000), pattern: '^(a+)+$' };

function outcome(source: string, budget?: number): { readonly code: string; readonly millis: number } {
  const compiled = compileExpression(source);
  const start = performance.now();
  try {
    compiled.evaluate(scope, budget === undefined ? {} : { budget });
    return { code: 'none', millis: performance.now() - start };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return { code: error.code, millis: performance.now() - start };
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
    const { code, millis } = outcome(source);
    expect(code).toBe('expressions.budget_exceeded');
    // The aim is 100 ms on a free core; the bound leaves room for a busy one and still tells a hang.
    expect(millis).toBeLessThan(2_000);
  });

  it('is not escaped by operators that swallow errors', () => {
    expect(outcome('list.exists(a, list.exists(b, list.all(c, c.n > 0 || c.n < 5))) || true', 1_000).code).toBe(
      'expressions.budget_exceeded',
    );
    expect(outcome('coalesce(list.map(a, list.map(b, 1)), 1)', 1_000).code).toBe('expressions.budget_exceeded');
  });

  it('leaves room for what playbooks do', () => {
    expect(outcome('list.filter(a, a.n > 10 && a.text.startsWith("item")).map(a, a.text.upper())').code).toBe('none');
  });

  it('is the caller’s to set', () => {
    expect(outcome('list.map(a, a.n)', 100).code).toBe('expressions.budget_exceeded');
    expect(outcome('list.map(a, a.n)', 10_000).code).toBe('none');
  });

  it('lets a pattern that explodes elsewhere run in linear time', () => {
    const { code, millis } = outcome('text.rx(pattern) && !(text + "!").rx(pattern)');
    expect(code).toBe('none');
    expect(millis).toBeLessThan(1_000);
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
    const { code, millis } = outcome(source);
    expect(code).toBe('expressions.output_too_large');
    expect(millis).toBeLessThan(2_000);
  });
});

describe('patterns', () => {
  it.each([
    '"a".rx("("+")"+"(?=a)")',
    `"a".rx("${'a'.repeat(1_001)}")`,
    '"a".rx("(a{1,100}){1,100}")',
    String.raw`"a".rx("(a)\\1")`,
  ])('are refused when they are not RE2 or too large: %s', (source) => {
    expect(outcome(source).code).toBe('expressions.invalid_pattern');
  });
});

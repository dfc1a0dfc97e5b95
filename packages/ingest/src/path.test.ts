import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parsePath, readPath, withoutPath } from './path.ts';

const read = (data: unknown, text: string) => readPath(data, parsePath(text) ?? []);

describe('path', () => {
  it('reads names, indexes, every element, and quoted names', () => {
    const data = {
      a: { b: [{ c: 1 }, { c: 2 }, {}] },
      'remote-ip-address': 'x',
      'source.ip': 'y',
      '@t': 3,
      'a b': { '"': 4 },
    };
    expect(read(data, 'a.b[1].c')).toBe(2);
    expect(read(data, 'a.b[*].c')).toEqual([1, 2]);
    expect(read(data, 'remote-ip-address')).toBe('x');
    expect(read(data, '"remote-ip-address"')).toBe('x');
    expect(read(data, '"source.ip"')).toBe('y');
    expect(read(data, '@t')).toBe(3);
    expect(read(data, '"a b"["\\""]')).toBe(4);
  });

  it('finds nothing instead of failing', () => {
    expect(read({ a: 'text' }, 'a.length')).toBeUndefined();
    expect(read({ a: [1] }, 'a.length')).toBeUndefined();
    expect(read({ a: [1] }, 'a.push')).toBeUndefined();
    expect(read({ a: [1] }, 'a["0"]')).toBeUndefined();
    expect(read(null, 'a')).toBeUndefined();
    expect(read({ a: { b: 1 } }, 'a[*].b')).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'a.constructor.name', 'toString', 'a.__proto__.polluted'])(
    'reaches no inherited member through %s',
    (text) => expect(read({ a: {} }, text)).toBeUndefined(),
  );

  it.each(['', '.a', 'a.', 'a..b', 'a[', 'a[x]', 'a]b', '[0]x', 'a"b"', '"open'])('takes %j for no path', (text) =>
    expect(parsePath(text)).toBeUndefined(),
  );

  it('leaves out what stands at a path and shares the rest', () => {
    const data = { keep: { x: 1 }, drop: { a: 1, b: 2 } };
    const rest = withoutPath(data, ['drop', 'a']) as typeof data;
    expect(rest).toEqual({ keep: { x: 1 }, drop: { b: 2 } });
    expect(rest.keep).toBe(data.keep);
    expect(data.drop.a).toBe(1);
    expect(withoutPath(data, ['missing'])).toBe(data);
  });

  test.prop([fc.string()])('reads any text as a path or not at all', (text) => {
    const steps = parsePath(text);
    if (steps !== undefined) expect(steps.length).toBeGreaterThan(0);
  });

  test.prop([fc.array(fc.string(), { minLength: 1, maxLength: 4 }), fc.jsonValue()])(
    'finds what stands under any names when they are quoted',
    (names, value) => {
      const data = names.reduceRight<unknown>((inner, name) => ({ [`k${name}`]: inner }), value);
      const text = names.map((name) => `"${`k${name}`.replaceAll(/[\\"]/g, '\\$&')}"`).join('.');
      fc.pre(!names.some((name) => /[\n\r\u2028\u2029]/.test(name)));
      expect(read(data, text)).toEqual(value);
    },
  );
});

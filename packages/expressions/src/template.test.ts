import { isCounterpointError, type Json } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { checkTemplate } from './check-template.ts';
import { compileTemplate } from './template.ts';
import { types, untrusted } from './types.ts';

const open = '$' + '{{';
const scope = {
  n: 5,
  ip: '203.0.113.7',
  list: [1, 'a'],
  map: { a: { b: 1 } },
  none: null,
  yes: true,
  tricky: `${open} 1 }}`,
};

function fill(template: Json): unknown {
  return compileTemplate(template).evaluate(scope);
}

describe('compileTemplate', () => {
  it.each<[Json, unknown]>([
    [`${open} n }}`, 5],
    [`${open}n}}`, 5],
    [`${open} list }}`, [1, 'a']],
    [`${open} none }}`, null],
    [`${open} map.a }}`, { b: 1 }],
    [` ${open} n }}`, ' 5'],
    [`Block ${open} ip }} (${open} n }})`, 'Block 203.0.113.7 (5)'],
    [`${open} list }} ${open} map }} ${open} none }}|${open} yes }}`, '[1,"a"] {"a":{"b":1}} |true'],
    [`${open} {"a": {"b": {}}} }}`, { a: { b: {} } }],
    [`${open} "}}" + '}}' }}`, '}}}}'],
    [`${open} "\\"}}" }}`, '"}}'],
    [`${open} r"\\d" + "}}" }}`, '\\d}}'],
    [`${open} """a"}}""" }}`, 'a"}}'],
    [`$${open} n }}`, `${open} n }}`],
    [`a $${open} n }} ${open} n }}`, `a ${open} n }} 5`],
    ['costs $5 {{ n }}', 'costs $5 {{ n }}'],
    [`${open} tricky }}`, `${open} 1 }}`],
    [`= ${open} tricky }}`, `= ${open} 1 }}`],
    [
      { a: [`${open} n }}`, 1], b: { c: `x${open} n }}` } },
      { a: [5, 1], b: { c: 'x5' } },
    ],
  ])('fills %j', (template, expected) => {
    expect(fill(template)).toEqual(expected);
  });

  it('gives constant data back as it is', () => {
    const data = { a: [1, { b: 'text' }], c: null };
    const template = compileTemplate(data);
    expect(template.isConstant).toBe(true);
    expect(template.evaluate({})).toBe(data);
  });

  it('shares the constant parts of a template', () => {
    const fixed = { x: [1, 2] };
    expect((fill({ fixed, n: `${open} n }}` }) as { fixed: unknown }).fixed).toBe(fixed);
  });

  it('tells its expressions, where they are, and what they read', () => {
    const template = compileTemplate({ a: `x ${open}  steps.rep.score + 1 }}`, b: [`${open} event.ip }}`] });
    expect(template.isConstant).toBe(false);
    expect(template.expressions).toEqual([
      { source: 'steps.rep.score + 1', path: ['a'], offset: 7 },
      { source: 'event.ip', path: ['b', 0], offset: 4 },
    ]);
    expect(template.reads).toEqual([
      ['steps', 'rep', 'score'],
      ['event', 'ip'],
    ]);
  });

  it.each<[Json, string]>([
    [`${open} n`, 'expressions.template_unterminated'],
    [`${open} {"a": 1 }}`, 'expressions.template_unterminated'],
    [`${open} "}}`, 'expressions.template_unterminated'],
    [`${open} }}`, 'expressions.syntax'],
    [{ [`${open} n }}`]: 1 }, 'expressions.template_in_key'],
    [`${open} lowr("a") }}`, 'expressions.unknown_function'],
  ])('refuses %j', (template, code) => {
    expect(() => compileTemplate(template)).toThrow(expect.objectContaining({ code }));
  });

  it('stops a text that grows too long', () => {
    const template = compileTemplate(`${open} t }}${open} t }}${open} t }}`);
    expect(() => template.evaluate({ t: 'a'.repeat(2_000_000) })).toThrow(
      expect.objectContaining({ code: 'expressions.output_too_large' }),
    );
  });

  it('refuses bottomless nesting', () => {
    let deep: Json = `${open} n }}`;
    for (let level = 0; level < 100; level++) deep = [deep];
    const attempt = (): unknown => compileTemplate(deep);
    expect(attempt).toThrow(
      expect.toSatisfy((error: unknown) => isCounterpointError(error, 'expressions.too_complex')),
    );
  });
});

describe('checkTemplate', () => {
  const typed = { event: types.object({ subject: { type: untrusted(types.string) }, id: { type: types.int } }) };

  it('types the result and marks what is untrusted', () => {
    const result = checkTemplate({ title: `Re: ${open} event.subject }}`, id: `${open} event.id }}`, fixed: 1 }, typed);
    expect(result.findings).toEqual([]);
    expect(result.untrusted).toBe(true);
    expect(result.type).toMatchObject({
      kind: 'object',
      fields: {
        title: { type: { kind: 'string', untrusted: true } },
        id: { type: { kind: 'int' } },
        fixed: { type: types.int },
      },
    });
    expect(result.pieces).toMatchObject([
      { path: ['title'], source: 'event.subject', offset: 8, whole: false, untrusted: true },
      { path: ['id'], source: 'event.id', offset: 4, whole: true, untrusted: false },
    ]);
  });

  it('places each finding in its string', () => {
    const { findings } = checkTemplate([`a ${open} event.subjct }} ${open} evnt }}`, `${open} 1`], typed);
    expect(findings.map(({ code, path, offset }) => [code, path, offset])).toEqual([
      ['expressions.no_such_field', [0], 12],
      ['expressions.unknown_name', [0], 26],
      ['expressions.template_unterminated', [1], 0],
    ]);
  });

  it('reports an expression in a key', () => {
    expect(checkTemplate({ a: { [`${open} event.id }}`]: 1 } }, typed).findings).toMatchObject([
      { code: 'expressions.template_in_key', path: ['a'] },
    ]);
  });
});

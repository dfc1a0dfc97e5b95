import { isCounterpointError, type Json } from '@counterpoint/core';
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionCatalogue } from './catalogue.ts';
import { checkExpression } from './check.ts';
import { checkTemplate } from './check-template.ts';
import { compileExpression } from './expression.ts';
import { typeFromJsonSchema } from './schema-types.ts';
import { compileTemplate } from './template.ts';
import { types } from './types.ts';

const scope = { a: 1, b: 'text', c: [1, 2, 3], d: { e: null, f: ['x'] }, g: true, h: 2.5 };
const scopeType = typeFromJsonSchema({
  type: 'object',
  required: ['a', 'b'],
  properties: { a: { type: 'integer' }, b: { type: 'string' } },
});

const functions = functionCatalogue.map(({ name }) => name);
const leaf = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd', 'd.e', 'd.f', 'g', 'h', 'x', 'nope', 'null', 'true', '[]', '{}'),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e6 }).map((n) => n.toFixed(3)),
  fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text)),
);
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc
      .tuple(
        tie('tree'),
        fc.constantFrom('+', '-', '*', '/', '%', '<', '>=', '==', '!=', '&&', '||', 'in'),
        tie('tree'),
      )
      .map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc
      .tuple(fc.constantFrom(...functions), fc.array(tie('tree'), { maxLength: 3 }))
      .map(([name, args]) => `${name}(${args.join(', ')})`),
    fc
      .tuple(tie('tree'), fc.constantFrom(...functions), fc.array(tie('tree'), { maxLength: 2 }))
      .map(([target, name, args]) => `(${target}).${name}(${args.join(', ')})`),
    fc
      .tuple(tie('tree'), fc.constantFrom('map', 'filter', 'exists', 'all', 'sort_by', 'group_by'), tie('tree'))
      .map(([target, name, body]) => `(${target}).${name}(x, ${body})`),
    fc
      .tuple(tie('tree'), tie('tree'), tie('tree'))
      .map(([test, then, otherwise]) => `(${test} ? ${then} : ${otherwise})`),
    fc
      .tuple(tie('tree'), fc.constantFrom('.e', '.?e', '[0]', '[?1]', '["f"]'))
      .map(([target, access]) => `(${target})${access}`),
    fc.array(tie('tree'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    tie('tree').map((value) => `{"k": ${value}}`),
    tie('tree').map((value) => `!${value}`),
  ),
}));

function settle(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (isCounterpointError(error)) return error;
    throw error;
  }
}

describe('any expression', () => {
  it('evaluates to JSON or fails with a coded error, in bounded time', () => {
    fc.assert(
      fc.property(tree, (source) => {
        const result = settle(() =>
          compileExpression(source).evaluate(scope, { now: 1, budget: 20_000, lookup: () => null }),
        );
        if (isCounterpointError(result)) expect(result.code).not.toBe('expressions.evaluation_failed');
        else expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is checked without throwing, and what passes the check lacks no name and no function', () => {
    fc.assert(
      fc.property(tree, (source) => {
        const { findings } = checkExpression(source, {
          a: types.int,
          b: types.string,
          c: types.list(types.int),
          d: scopeType,
          g: types.bool,
          h: types.double,
        });
        for (const { offset, length } of findings) expect(offset + length).toBeLessThanOrEqual(source.length);
        if (findings.length > 0) return;
        const data = { ...scope, d: { a: 1, b: 'x' } };
        const result = settle(() =>
          compileExpression(source).evaluate(data, { now: 1, budget: 20_000, lookup: () => null }),
        );
        if (isCounterpointError(result)) {
          expect(['expressions.unknown_name', 'expressions.unknown_function', 'expressions.syntax']).not.toContain(
            result.code,
          );
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is refused with a coded error when it is not even CEL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (source) => {
        settle(() => compileExpression(source));
        checkExpression(source, {});
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('any template', () => {
  const json = fc.jsonValue() as fc.Arbitrary<Json>;

  it('of constant data gives that data', () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!JSON.stringify(value).includes('$' + '{{'));
        expect(compileTemplate(value).evaluate({})).toBe(value);
        expect(checkTemplate(value, {}).findings).toEqual([]);
      }),
    );
  });

  it('passes values through unchanged, numbers to the last digit', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(compileTemplate('$' + '{{ v }}').evaluate({ v: value })).toBe(value);
        expect(compileTemplate('$' + '{{ [v] }}').evaluate({ v: value })).toEqual([value]);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const [once] = compileExpression('[n + 0]').evaluate({ n: number }) as [number];
        expect(once === number).toBe(true);
        expect(compileExpression('double(string(n))').evaluate({ n: number }) === number).toBe(true);
      }),
    );
  });

  it('fails with a coded error when its text is arbitrary', () => {
    const text = fc
      .array(
        fc.oneof(fc.constantFrom('$' + '{{', '}}', '$', '"', "'", '{', '}', ' a ', '\\'), fc.string({ maxLength: 3 })),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        settle(() => compileTemplate(value).evaluate(scope));
        checkTemplate(value, {});
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('agreement with the library’s own evaluator', () => {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  const plain = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? 'null',
    );

  it.each([
    'true || nope.x == 1',
    'nope.x == 1 || true',
    'false && nope.x == 1',
    'nope.x == 1 && false',
    '[1, 2, 3].exists(n, n > 2) && [1, 2, 3].all(n, n > 0)',
    '[0, 1].exists(n, 1 / n == 1)',
    '[1, 2, 2].exists_one(n, n == 2)',
    '[1, 2, 3].filter(n, n != 2).map(n, n * 2)',
    '[1, 2, 3].map(n, n > 1, n + 1)',
    '[[1], [2, 3]].map(l, l.map(n, n * n))',
    '{"a": {"b": [1, 2]}}.a.b[1]',
    '{"a": 1}.?b.orValue(5)',
    '{"a": {"b": 1}}.?a.?b.orValue(5)',
    '[1, 2][?5].orValue(7)',
    '"héllo wörld".size()',
    '"a" in {"a": 1} && !("b" in {"a": 1})',
    '2 in [1, 2] && !(dyn("2") in [1, 2])',
    '"abc" < "abd" && "a" + "b" == "ab"',
    'dyn(1) == 1.0 && 1 < 1.5',
    '[1, {"a": 2}] == [1, {"a": 2}]',
    '7 % 3 + 2 * 3 - -1',
    '-(1 + 2)',
    '[{"a": 1}].exists(m, has(m.a) && !has(m.b))',
    '"a,b".split(",").join("-")',
    '"x".startsWith("x") && "xy".endsWith("y") && "xyz".contains("y")',
    '"\\u00e9\\n" + r"\\d" + \'single\'',
    'int("12") + int(3.9)',
    'string(12) + string(true) + string(1.5)',
    'null == null',
    'true ? 1 : 2',
  ])('%s', (source) => {
    expect(plain(compileExpression(source).evaluate({}))).toEqual(plain(environment.evaluate(source, {})));
  });
});

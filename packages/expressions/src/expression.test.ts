import { CounterpointError } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';
import type { EvaluateOptions } from './runtime.ts';

const scope = {
  event: { src_ip: '203.0.113.7', score: 71, ratio: 0.5, tags: ['ssh', 'brute'], user: null, 'remote-ip': '10.0.0.1' },
  steps: {
    rep: {
      malicious: 9,
      feeds: [
        { name: 'a', bad: true },
        { name: 'b', bad: false },
      ],
    },
  },
};

function evaluate(source: string, options?: EvaluateOptions): unknown {
  return compileExpression(source).evaluate(scope, options);
}

function failure(work: () => unknown): CounterpointError {
  try {
    work();
  } catch (error) {
    if (error instanceof CounterpointError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('evaluating', () => {
  it.each<[string, unknown]>([
    ['event.score + 1', 72],
    ['event.score >= 70', true],
    ['event.score / 2', 35.5],
    ['70 / 2', 35],
    ['7 / 2', 3.5],
    ['event.score * event.ratio', 35.5],
    ['event.score % 2 == 1', true],
    ['event.score == 71.0', true],
    ['-event.score', -71],
    ['0 - event.score + 0.5', -70.5],
    ['1 < 1.5 && 2.5 > 2', true],
    ['0x1F + 1u', 32],
    ['size(event.tags) + event.score', 73],
    ['event.tags[size(event.tags) - 1]', 'brute'],
    ['[1, 2, 3].map(n, n * event.ratio)', [0.5, 1, 1.5]],
  ])('mixes whole numbers and fractions: %s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['event["remote-ip"]', '10.0.0.1'],
    ['"ssh" in event.tags', true],
    ['"score" in event', true],
    ['"toString" in event', false],
    ['steps.rep.feeds.exists(f, f.bad)', true],
    ['steps.rep.feeds.filter(f, f.bad).map(f, f.name)', ['a']],
    [
      'steps.rep.feeds.map(f, event.tags.map(t, f.name + t))',
      [
        ['assh', 'abrute'],
        ['bssh', 'bbrute'],
      ],
    ],
    [
      '[1, 2].map(a, [3].map(a, a) + [a])',
      [
        [3, 1],
        [3, 2],
      ],
    ],
    ['[1].map(a, [2].map(b, [3].map(a, [4].map(c, [a, b, c]))))', [[[[[3, 2, 4]]]]]],
    ['event.score > 70 ? "high" : "low"', 'high'],
    ['{"ip": event.src_ip, "n": [event.score]}', { ip: '203.0.113.7', n: [71] }],
    ['event.user == null', true],
    ['"71" == event.score', false],
    ['[1, {"a": [2.0]}] == [1.0, {"a": [2]}]', true],
    ['event', scope.event],
  ])('reads data and builds data: %s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['event.?nope.orValue("none")', 'none'],
    ['event.?score.orValue(0)', 71],
    ['steps.?purge.?count.orValue(0)', 0],
    ['steps.?rep.malicious.orValue(0)', 9],
    ['steps.?purge.count.orValue(1)', 1],
    ['event.tags[?5].orValue("-")', '-'],
    ['event.?user.?name.orValue("nobody")', 'nobody'],
    ['event.?nope.hasValue()', false],
    ['event.?nope', null],
    ['[event.?nope, event.?score]', [null, 71]],
    ['has(event.score) && !has(event.nope)', true],
    ['has(steps.purge.count)', false],
    ['has(event.user.name)', false],
    ['coalesce(event.nope, steps.purge.count, event.user, "x")', 'x'],
    ['coalesce(event.user.name, event.?nope)', null],
  ])('treats what may be missing as documented: %s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  it.each<[string, string, number, number]>([
    ['event.scor', 'expressions.no_such_field', 6, 4],
    ['1 + steps.rep.malicous', 'expressions.no_such_field', 14, 8],
    ['evnt.score', 'expressions.unknown_name', 0, 4],
    ['event.score + "1"', 'expressions.type_mismatch', 0, 17],
    ['event.tags[2]', 'expressions.index_out_of_range', 0, 13],
    ['event.tags[-1]', 'expressions.index_out_of_range', 0, 14],
    ['event.score.name', 'expressions.type_mismatch', 12, 4],
    ['event.user.name', 'expressions.field_of_null', 11, 4],
    ['event.user["name"]', 'expressions.field_of_null', 0, 18],
    ['event.score / 0', 'expressions.division_by_zero', 0, 15],
    ['9007199254740991 + 1', 'expressions.number_out_of_range', 0, 20],
    ['1e308 * 10', 'expressions.number_out_of_range', 0, 10],
    ['event.score && true', 'expressions.type_mismatch', 0, 11],
    ['lower(event.score)', 'expressions.type_mismatch', 0, 18],
    ['true && now() > 1', 'expressions.now_unavailable', 8, 5],
    ['event.?score + 1', 'expressions.type_mismatch', 0, 16],
  ])('says what is wrong and where: %s', (source, code, offset, length) => {
    const error = failure(() => evaluate(source));
    expect({ code: error.code, ...error.details }).toMatchObject({ code, source, offset, length });
  });

  it('suggests the field that was meant', () => {
    expect(failure(() => evaluate('event.scor')).message).toBe('There is no field "scor" here. Did you mean "score"?');
    expect(failure(() => evaluate('evnt.score')).details.suggestion).toBe('event');
  });

  it('lets one side of a logical operator decide, as CEL does', () => {
    expect(evaluate('event.nope == 1 || event.score == 71')).toBe(true);
    expect(evaluate('event.nope == 1 && false')).toBe(false);
    expect(failure(() => evaluate('event.nope == 1 || false')).code).toBe('expressions.no_such_field');
  });

  it('takes the time of the event for now(), and table rows from the host', () => {
    const options: EvaluateOptions = { now: 1_000, lookup: (table, key) => ({ table, key }) };
    expect(evaluate('now() + duration("1s")', options)).toBe(2_000);
    expect(evaluate('lookup("vips", "alice").key', options)).toBe('alice');
  });

  it('shares the data instead of copying it', () => {
    expect(evaluate('steps.rep.feeds')).toBe(scope.steps.rep.feeds);
    expect((evaluate('[event]') as unknown[])[0]).toBe(scope.event);
  });

  it('turns an exact BigInt into a number and refuses one that would lose digits', () => {
    const compiled = compileExpression('n + 1');
    expect(compiled.evaluate({ n: 41n })).toBe(42);
    expect(failure(() => compiled.evaluate({ n: 2n ** 60n })).code).toBe('expressions.number_out_of_range');
  });

  it('never changes the scope', () => {
    const frozen = Object.freeze({ list: Object.freeze([3, 1, 2]) });
    expect(compileExpression('list.sort() + list.reverse()').evaluate(frozen)).toEqual([1, 2, 3, 2, 1, 3]);
  });
});

describe('compileExpression', () => {
  it.each<[string, string]>([
    ['1 +', 'expressions.syntax'],
    ['', 'expressions.syntax'],
    ['"open', 'expressions.syntax'],
    ['[1].map(x.y, 1)', 'expressions.syntax'],
    ['b"bytes"', 'expressions.unsupported'],
    ['"a".matches("^(a+)+$")', 'expressions.matches_refused'],
    ['matches("a", "a")', 'expressions.matches_refused'],
    ['lowr("A")', 'expressions.unknown_function'],
    ['valid.publc_ip("a")', 'expressions.unknown_function'],
    ['"a".string()', 'expressions.unknown_function'],
    ['lower()', 'expressions.wrong_arguments'],
    ['has(event)', 'expressions.wrong_arguments'],
    ['9007199254740993', 'expressions.number_out_of_range'],
  ])('refuses %s', (source, code) => {
    expect(failure(() => compileExpression(source)).code).toBe(code);
  });

  it.each<[string, string]>([
    ['three hundred brackets', `${'('.repeat(300)}1${')'.repeat(300)}`],
    ['three thousand additions', `${'1+'.repeat(3_000)}1`],
    ['nine thousand negations', `${'!'.repeat(9_000)}true`],
    ['a list of 2,500', `[${'1,'.repeat(2_500)}]`],
    ['a text of 20,000', `"${'a'.repeat(20_000)}"`],
    ['a path of 900 fields', `a${'.b'.repeat(900)}`],
  ])('refuses %s as too complex', (_what, source) => {
    expect(failure(() => compileExpression(source)).code).toBe('expressions.too_complex');
  });

  it('offers rx for matches, written out', () => {
    const error = failure(() => compileExpression('event.host.matches("^web")'));
    expect(error.details.suggestion).toBe('rx(event.host, "^web")');
  });

  it('lists the longest member paths that are read, without macro variables', () => {
    const source =
      'steps.rep.feeds.exists(f, f.bad && f.name in inputs.names) || has(event.user.id) || event["a-b"].?c.lower() == tags[0].x';
    expect(compileExpression(source).reads).toEqual([
      ['steps', 'rep', 'feeds'],
      ['inputs', 'names'],
      ['event', 'user', 'id'],
      ['event', 'a-b', 'c'],
      ['tags'],
    ]);
  });

  it('gives the same compiled expression for the same text', () => {
    expect(compileExpression('1 + 1')).toBe(compileExpression('1 + 1'));
  });
});

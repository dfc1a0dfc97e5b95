import { describe, expect, it } from 'vitest';
import { checkExpression } from './check.ts';
import { describeType, type ExpressionType, types } from './types.ts';

const scope: Record<string, ExpressionType> = {
  event: types.object({
    src_ip: { type: types.string },
    score: { type: types.int },
    ratio: { type: types.double },
    user: { type: types.object({ name: { type: types.string }, id: { type: types.int } }), optional: true },
    tags: { type: types.list(types.string) },
    raw: { type: types.object({ known: { type: types.int } }, true) },
    labels: { type: types.map(types.string) },
    items: {
      type: types.list(types.object({ bad: { type: types.bool }, note: { type: types.string, optional: true } })),
    },
  }),
  steps: types.object({
    rep: { type: types.object({ malicious: { type: types.int } }) },
    purge: { type: types.object({ count: { type: types.int } }), optional: true },
    any: { type: types.dyn },
  }),
};

function codes(source: string): string[] {
  return checkExpression(source, scope).findings.map((finding) => finding.code.replace('expressions.', ''));
}

function typeOf(source: string): string {
  return describeType(checkExpression(source, scope).type);
}

describe('checkExpression', () => {
  it.each<[string, string]>([
    ['event.score + 1', 'int'],
    ['event.score / 2', 'double'],
    ['event.score * event.ratio', 'double'],
    ['event.score >= 70', 'bool'],
    ['event.src_ip.lower() + "x"', 'string'],
    ['event.tags + ["a"]', 'list(string)'],
    ['event.tags.map(t, size(t))', 'list(int)'],
    ['event.items.filter(i, i.bad)', 'list({bad: bool, note?: string})'],
    ['event.items.group_by(i, string(i.bad))', 'map(list({bad: bool, note?: string}))'],
    ['event.items.max_by(i, i.bad ? 1 : 0).bad', 'bool'],
    ['event.tags.first()', 'string'],
    ['event.tags[0]', 'string'],
    ['event.labels.anything', 'string'],
    ['values(event.labels)', 'list(string)'],
    ['event.?user.?name', 'optional(string)'],
    ['event.?user.name.orValue("x")', 'string'],
    ['coalesce(event.user.name, "x")', 'string'],
    ['steps.?purge.?count.orValue(0)', 'int'],
    ['event.score > 1 ? 1 : 2.5', 'double'],
    ['event.score > 1 ? "a" : null', 'string'],
    ['{"a": event.score, "b": [1]}', '{a: int, b: list(int)}'],
    ['sum(event.tags.map(t, size(t)))', 'int'],
    ['average([1, 2])', 'double'],
    ['parse_url(event.src_ip).port', 'int'],
    ['[1, "a"]', 'list(dyn)'],
    ['steps.any.whatever.deep + 1', 'dyn'],
    ['event.raw.unheard_of', 'dyn'],
    ['duration("1h") + event.score', 'int'],
    ['max(event.score, 3)', 'int'],
    ['max(event.tags)', 'string'],
  ])('gives %s the type %s and finds nothing wrong', (source, expected) => {
    expect(codes(source)).toEqual([]);
    expect(typeOf(source)).toBe(expected);
  });

  it.each<[string, string[]]>([
    ['evnt.score', ['unknown_name']],
    ['event.scor > 70', ['no_such_field']],
    ['event.?scor.orValue(1)', ['no_such_field']],
    ['has(event.scor)', ['no_such_field']],
    ['event["scor"]', ['no_such_field']],
    ['event.src_ip.length', ['type_mismatch']],
    ['event.user.name', ['may_be_absent']],
    ['steps.purge.count > 1', ['may_be_absent']],
    ['event.?user.?name + "x"', ['may_be_absent']],
    ['lower(event.?user.?name)', ['may_be_absent']],
    ['event.items.map(i, i.note)', ['may_be_absent']],
    ['event.src_ip == 5', ['type_mismatch']],
    ['event.score == "5"', ['type_mismatch']],
    ['event.src_ip > 5', ['type_mismatch']],
    ['event.score + "1"', ['type_mismatch']],
    ['event.tags - 1', ['type_mismatch']],
    ['event.score && true', ['type_mismatch']],
    ['!event.score', ['type_mismatch']],
    ['-event.src_ip', ['type_mismatch']],
    ['event.src_ip ? 1 : 2', ['type_mismatch']],
    ['5 in event.tags', ['type_mismatch']],
    ['"a" in event.src_ip', ['type_mismatch']],
    ['event.tags["a"]', ['type_mismatch']],
    ['event.tags[0.5]', ['type_mismatch']],
    ['event.score[0]', ['type_mismatch']],
    ['event.score.map(x, x)', ['type_mismatch']],
    ['event.tags.filter(t, size(t))', ['type_mismatch']],
    ['event.tags.sort_by(t, [t])', ['type_mismatch']],
    ['event.score.lower()', ['type_mismatch']],
    ['sum(event.tags)', ['type_mismatch']],
    ['event.score.orValue(1)', ['type_mismatch']],
    ['{event.score: 1}', ['type_mismatch']],
    ['lowr(event.src_ip)', ['unknown_function']],
    ['lower()', ['wrong_arguments']],
    ['lower("a", "b")', ['wrong_arguments']],
    ['event.src_ip.matches("a")', ['matches_refused']],
    ['event.src_ip.rx("(")', ['invalid_pattern']],
    ['event.src_ip.rx("(?=x)")', ['invalid_pattern']],
    ['duration("5 parsecs")', ['invalid_value']],
    ['valid.ip("10.0.0.256")', ['invalid_value']],
    ['1 +', ['syntax']],
    ['b"a"', ['unsupported']],
    ['lowr(event.scor) + evnt.x', ['unknown_function', 'no_such_field', 'unknown_name']],
  ])('finds what is wrong with %s', (source, expected) => {
    expect(codes(source)).toEqual(expected);
  });

  it('says where, and what to write instead', () => {
    expect(checkExpression('1 < event.scor', scope).findings).toEqual([
      {
        code: 'expressions.no_such_field',
        message: 'There is no field "scor" here. Did you mean "score"?',
        offset: 10,
        length: 4,
        suggestion: 'score',
      },
    ]);
    const suggestion = (source: string): string | undefined => checkExpression(source, scope).findings[0]?.suggestion;
    expect(suggestion('"score " + event.score')).toBe('"score " + string(event.score)');
    expect(suggestion('event.src_ip == 5')).toBe('int(event.src_ip) == 5');
    expect(suggestion('steps.purge.count')).toBe('steps.?purge.orValue(…)');
    expect(suggestion('event.src_ip.matches("^10")')).toBe('rx(event.src_ip, "^10")');
    expect(suggestion('lowr("A")')).toBe('lower');
  });

  it.each([
    'has(event.user) && event.user.name == "a"',
    'has(event.user.name) ? event.user.name : "nobody"',
    '!has(event.user) || event.user.id > 1',
    'has(steps.purge) && (event.score > 1 && steps.purge.count > 1)',
    'event.?user.hasValue() ? event.user.id : 0',
    'event.items.map(i, has(i.note), i.note)',
    'event.items.exists(i, has(i.note) && i.note == "x")',
    'coalesce(event.user.name, steps.purge.count, "x") == "x"',
    'has(event.user.name)',
  ])('knows that what was tested is there: %s', (source) => {
    expect(codes(source)).toEqual([]);
  });

  it.each([
    'has(event.user) || event.user.name == "a"',
    '!has(event.user) && event.user.name == "a"',
    'has(event.user) ? 1 : event.user.id',
    'has(steps.purge) && event.user.id > 1',
    'event.items.exists(i, has(i.note)) && event.items.all(i, i.note == "x")',
  ])('does not take a test for more than it says: %s', (source) => {
    expect(codes(source)).toEqual(['may_be_absent']);
  });

  it('lists what is read', () => {
    expect(checkExpression('event.score > 1 && steps.?purge.?count.orValue(0) > 1', scope).reads).toEqual([
      ['event', 'score'],
      ['steps', 'purge', 'count'],
    ]);
  });

  it('does not take a field of the prototype for one of the type', () => {
    expect(codes('event.constructor')).toEqual(['no_such_field']);
    expect(codes('constructor')).toEqual(['unknown_name']);
  });
});

import { describe, expect, it } from 'vitest';
import { compileExpression } from '../expression.ts';

const data = { empty: [], t: 'a.b.c', mixed: [1, 'a'], maps: [{ n: 2 }, { n: 1 }, { n: 2 }], nothing: null };

function evaluate(source: string): unknown {
  return compileExpression(source).evaluate(data);
}

describe('text functions', () => {
  it.each<[string, unknown]>([
    ['t.replace(".", "")', 'abc'],
    ['t.replace("", "x")', 'a.b.c'],
    ['t.replace("$", "$&")', 'a.b.c'],
    ['"aXa".replace("X", "$&")', 'a$&a'],
    ['"".split(",")', ['']],
    ['"añ😀".split("")', ['a', 'ñ', '😀']],
    ['[1, null, true, "x", [2]].join("|")', '1||true|x|[2]'],
    ['"😀".size()', 1],
    ['t.substring(-5, 1)', 'a'],
    ['t.substring(3, 1)', ''],
    ['rx_replace("a1b2", "[0-9]", "$1")', 'a$1b$1'],
    ['rx_find_all("aaa", "b*")', ['', '', '', '']],
    ['rx_find("ab", "(x)?b")', null],
    ['"x".rx("^$")', false],
    ['unbase64("w6k")', 'é'],
    ['url_encode("é/?")', '%C3%A9%2F%3F'],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });
});

describe('list functions', () => {
  it.each<[string, unknown]>([
    ['empty.first()', null],
    ['empty.max()', null],
    ['empty.sum()', 0],
    ['maps.unique()', [{ n: 2 }, { n: 1 }]],
    ['[1, "1", 1.0].unique()', [1, '1']],
    ['["\\"a\\"", "a"].unique()', ['"a"', 'a']],
    ['maps.sort_by(m, m.n).map(m, m.n)', [1, 2, 2]],
    ['sort_by(maps, m, -m.n).map(m, m.n)', [2, 2, 1]],
    ['maps.group_by(m, m.n > 1)', { true: [{ n: 2 }, { n: 2 }], false: [{ n: 1 }] }],
    ['[[1], 2, [[3]]].flatten()', [1, 2, [3]]],
    ['[1, 2, 3].slice(1)', [2, 3]],
    ['["b", "a"].min()', 'a'],
    ['{"b": 1, "a": 2}.map(k, k)', ['b', 'a']],
    ['size({"a": 1})', 1],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  it.each([
    'mixed.sort()',
    'mixed.sum()',
    'mixed.max()',
    'maps.sort_by(m, m)',
    'maps.group_by(m, m)',
    'first(nothing)',
    'keys(empty)',
    'merge({}, [])',
  ])('refuses %s', (source) => {
    expect(() => evaluate(source)).toThrow(expect.objectContaining({ code: 'expressions.type_mismatch' }));
  });
});

describe('json', () => {
  it('reads back what it writes', () => {
    expect(evaluate('parse_json(json(maps)) == maps')).toBe(true);
    expect(evaluate('json({"a": {"b": 1}.?c})')).toBe('{"a":null}');
  });

  it('refuses what nests too deeply', () => {
    const deep = `parse_json("${'['.repeat(100)}${']'.repeat(100)}")`;
    expect(() => evaluate(deep)).toThrow(expect.objectContaining({ code: 'expressions.invalid_value' }));
  });
});

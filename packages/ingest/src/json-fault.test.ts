import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { jsonFault } from './json-fault.ts';

describe('jsonFault', () => {
  it.each([
    ['{"rule": oops}', 1, 10],
    ['{"a":1,}', 1, 8],
    ['{"a":1\n "b":2}', 2, 2],
    ['[1,\n2,\n  tru]', 3, 3],
    ['{"a"', 1, 5],
    ['', 1, 1],
    ['{} {}', 1, 4],
    ['"a\nb"', 1, 1],
    ['[01]', 1, 2],
    ["{'a':1}", 1, 2],
    ['[1 2]', 1, 4],
    ['{"a":1]', 1, 7],
  ])('finds the place in %j', (text, line, column) => expect(jsonFault(text)).toEqual({ line, column }));

  it('reads long texts; a scan that grows with the square would outlast the test', () => {
    const texts = [
      `{"a":"${'\\\\'.repeat(1_000_000)}`,
      '[1,'.repeat(1_000_000),
      ' '.repeat(5_000_000),
      `"${'x'.repeat(5_000_000)}`,
    ];
    for (const text of texts) expect(jsonFault(text)).toBeDefined();
  });

  test.prop([fc.json(), fc.nat(), fc.string({ maxLength: 2 })])(
    'finds one exactly where there is one',
    (json, at, extra) => {
      const text = json.slice(0, at % (json.length + 1)) + extra + json.slice(at % (json.length + 1));
      expect(jsonFault(text) === undefined).toBe(isJson(text));
    },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

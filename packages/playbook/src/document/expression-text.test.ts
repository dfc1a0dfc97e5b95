import { describe, expect, it } from 'vitest';
import { positionWithin } from './expression-text.ts';
import { fieldOf } from './node.ts';
import { parseDocument } from './parse.ts';

/** The source behind the first `needle` in the content of the field `a`. */
function found(text: string, needle: string): string {
  const { root, source } = parseDocument(text);
  const node = fieldOf(root, 'a');
  if (node?.kind !== 'scalar') return 'no scalar';
  const offset = String(node.value).indexOf(needle);
  const { from, to } = positionWithin(node, offset, needle.length, source);
  return `${source.text.slice(from, to)}@${from}`;
}

describe('positionWithin', () => {
  it.each([
    ['plain text', 'a: one two\n', 'two', 'two@7'],
    ['double quotes', 'a: "one two"\n', 'two', 'two@8'],
    ['single quotes', "a: 'it''s two'\n", 'two', 'two@10'],
    ['escaped quotes', 'a: "say \\"x\\" two"\n', 'two', 'two@14'],
    ['plain text over lines', 'a: one\n  two\n', 'two', 'two@9'],
    ['a folded block', 'a: >-\n  one\n  two three\n', 'three', 'three@18'],
    ['a literal block', 'a: |\n  one\n    two\n', 'two', 'two@15'],
    ['the same word twice', 'a: two-two two\n', ' two', ' two@10'],
  ])('finds a part in %s', (_style, text, needle, expected) => {
    expect(found(text, needle)).toBe(expected);
  });

  it('gives the whole scalar when escapes hide the place', () => {
    expect(found('a: "\\u0041 two"\n', 'two')).toBe('"\\u0041 two"@3');
  });
});

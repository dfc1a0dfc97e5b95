import { expect, it } from 'vitest';
import { applyChoices, type Merge } from './merge-choices.ts';

function merging(mine: string, theirs: string): Merge {
  const merged = `a\n${mine}`;
  return { merged, conflicts: [{ from: 2, to: merged.length, base: '', mine, theirs }] };
}

it('puts one after the other on lines of their own, at the end of the text too', () => {
  expect(applyChoices(merging('b\n', 'c\n'), ['both'])).toBe('a\nb\nc\n');
  expect(applyChoices(merging('b', 'c'), ['both'])).toBe('a\nb\nc');
  expect(applyChoices(merging('', 'c'), ['both'])).toBe('a\nc');
});

it('takes mine where nothing was chosen', () => {
  expect(applyChoices(merging('b', 'c'), [undefined])).toBe('a\nb');
  expect(applyChoices(merging('b', 'c'), ['theirs'])).toBe('a\nc');
});

import { describe, expect, it } from 'vitest';
import { type Comparison, differs, headline, otherValues } from './compare-words.ts';

const none = { first: null, inputs: [], ends: [], only_a: [], only_b: [], steps: [] } as unknown as Comparison;
const one = [{}] as never;

describe('two runs in one sentence', () => {
  it.each([
    [{ first: { step: 'few', before: 'succeeded', after: 'not taken' }, only_a: one }, /part at few/],
    [{ only_b: one, ends: one }, /same calls/],
    [{ ends: one }, /ended differently/],
    [{ inputs: one }, /different inputs/],
    [
      { steps: [{ a: null, b: null, same_input: true, same_output: false }] as never },
      /1 step got or gave other values/,
    ],
    [{}, /did the same\.$/],
  ])('%j', (over, words) => {
    expect(headline({ ...none, ...over })).toMatch(words);
  });
});

describe('a step of two runs', () => {
  const step = {
    address: 'a',
    step: 'a',
    a: { status: 'failed', took: 1 },
    b: { status: 'failed', took: 9 },
    same_input: true,
    same_output: true,
  } as const;
  it('is the same whatever the time it took', () => {
    expect(differs(step)).toBe(false);
    expect(differs({ ...step, b: null })).toBe(true);
    expect(differs({ ...step, same_output: false })).toBe(true);
  });

  it('tells which of its values are others', () => {
    expect(otherValues(step)).toBe('');
    expect(otherValues({ ...step, same_input: false, same_output: false })).toBe('other input and output');
    expect(otherValues({ ...step, b: null, same_output: false })).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { type Comparison, differs, headline } from './compare-words.ts';

const none = { first: null, inputs: [], ends: [], only_a: [], only_b: [] } as unknown as Comparison;
const one = [{}] as never;

describe('two runs in one sentence', () => {
  it.each([
    [{ first: { step: 'few', before: 'succeeded', after: 'not taken' }, only_a: one }, /part at few/],
    [{ only_b: one, ends: one }, /same calls/],
    [{ ends: one }, /ended differently/],
    [{ inputs: one }, /different inputs/],
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
});

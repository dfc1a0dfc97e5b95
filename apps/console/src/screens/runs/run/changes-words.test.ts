import { describe, expect, it } from 'vitest';
import { standingWords } from './changes-words.ts';

const one = (over: object) => ({ ended_at: null, undo_of: '', state: 'performed', ...over }) as never;

describe('what still stands of what a run changed', () => {
  it.each([
    [[], false, 'Nothing of it is in force any more.'],
    [[one({ ended_at: 1 }), one({ undo_of: 'x' })], false, 'Nothing of it is in force any more.'],
    [[one({}), one({})], false, '2 still in force.'],
    [[one({}), one({ state: 'unknown' })], true, '1+ still in force, 1 of unknown outcome.'],
  ])('%j, more: %s', (effects, more, words) => {
    expect(standingWords(effects, more)).toBe(words);
  });
});

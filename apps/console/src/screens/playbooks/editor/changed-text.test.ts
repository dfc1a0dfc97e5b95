import { expect, test } from 'vitest';
import { changedText } from './changed-text.ts';

test('changes of a test are made at the places of the text as it was', () => {
  const changes = [
    { from: 0, to: 3, insert: 'longer' },
    { from: 4, to: 7, insert: '' },
    { from: 8, to: 8, insert: 'x' },
  ];
  expect(changedText('one two three', changes)).toBe('longer  xthree');
  expect(changedText('as it is', [])).toBe('as it is');
});

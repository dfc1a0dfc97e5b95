import { expect, it } from 'vitest';
import { unsent } from './unsent.ts';

it('leaves what was written after it was sent', () => {
  expect(unsent('  a note \n', 'a note')).toBe('');
  expect(unsent('a note\nand another', 'a note')).toBe('and another');
});

it('leaves everything when the beginning was changed meanwhile', () => {
  expect(unsent('another note', 'a note')).toBe('another note');
});

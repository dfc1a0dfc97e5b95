import { describe, expect, it } from 'vitest';
import { codeParts } from './code-parts.ts';

describe('code in sentences', () => {
  it('stands between backticks', () => {
    expect(codeParts('Look: `counterpoint effects` lists `all`.')).toEqual([
      { at: 0, text: 'Look: ', code: false },
      { at: 6, text: 'counterpoint effects', code: true },
      { at: 28, text: ' lists ', code: false },
      { at: 35, text: 'all', code: true },
      { at: 40, text: '.', code: false },
    ]);
  });

  it.each(['', 'no code at all', 'one ` alone', 'nothing `` in it'])('is not in %j', (sentence) => {
    expect(codeParts(sentence).map(({ text }) => text)).toEqual(sentence === '' ? [] : [sentence]);
  });
});

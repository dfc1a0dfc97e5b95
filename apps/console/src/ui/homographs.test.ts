import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deceives, homographOf, homographsIn } from './homographs.ts';
import { labelToUnicode } from './punycode.ts';

describe('a label of a domain', () => {
  it.each([
    ['xn--80ak6aa92e', 'аррӏе'],
    ['xn--mnchen-3ya', 'münchen'],
    ['XN--BCHER-KVA', 'bücher'],
    ['xn--ls8h', '💩'],
    ['xn--wgv71a119e', '日本語'],
    ['plain', 'plain'],
  ])('%s is read as %s', (label, read) => {
    expect(labelToUnicode(label)).toBe(read);
  });

  it('that cannot be decoded stays as it is', () => {
    for (const label of ['xn--', 'xn--a-ä', 'xn--99999999999', 'xn--\u0000']) expect(labelToUnicode(label)).toBe(label);
  });

  it.each([
    ['a mark that turns the direction', 'xn--evil-ud7a'],
    ['an isolate', 'xn--j1adgm1417a'],
    ['a blank without width', 'xn--paypl-7ve9201c'],
    ['a space', 'xn--lx-6kca2fbu9497c'],
    ['a character of nobody', 'xn--x-so7g'],
  ])('that holds %s stays as it is', (_what, label) => {
    expect(labelToUnicode(label)).toBe(label);
    expect(homographsIn(`see ${label}.com`)).toEqual([]);
  });

  it('comes back from what the browser makes of it, and nothing makes it throw', () => {
    const letters = fc.stringMatching(/^[a-zäöüаеорсухαβγδאבגदनमകതのか中文]{1,20}$/u);
    fc.assert(
      fc.property(letters, (label) => {
        const ascii = domainToASCII(`${label}.example`).split('.')[0] ?? '';
        if (ascii !== '') expect(labelToUnicode(ascii)).toBe(label.normalize('NFC'));
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => typeof labelToUnicode(`xn--${text}`) === 'string'));
  });
});

describe('the name of a host', () => {
  it.each([
    ['аpple.com', ['Cyrillic', 'Latin'], 'apple.com', 'xn--pple-43d.com'],
    ['xn--80ak6aa92e.com', [], 'apple.com', 'xn--80ak6aa92e.com'],
    ['login.gοοgle.com', ['Latin', 'Greek'], 'login.google.com', 'login.xn--ggle-0nda.com'],
    ['ｇｏｏｇｌｅ.com', [], 'google.com', 'google.com'],
    ['paypаl中.com', ['Latin', 'Cyrillic', 'Han'], '', 'xn--paypl-3ve2049e.com'],
  ])('%s is told from what it looks like', (host, mixes, imitates, ascii) => {
    const found = homographOf(host);
    expect(found).toMatchObject({ mixes, imitates });
    if (found?.ascii !== ascii) expect(found?.ascii).toMatch(/^(xn--|[a-z.]+xn--)/);
    expect(found && deceives(found)).toBe(true);
  });

  it.each(['münchen.de', 'пример.рф', 'xn--mnchen-3ya.de', '日本語テスト.jp', '例え-abc.jp', '한국어.kr', 'élysée.fr'])(
    '%s is in a language, and nobody is deceived',
    (host) => {
      const found = homographOf(host);
      expect(found && deceives(found)).toBe(false);
    },
  );

  it('in plain ASCII is not worth a word', () => {
    expect(homographOf('example.com')).toBeUndefined();
    expect(homographsIn('See https://example.com/ä?q=ö at once, naïve reader')).toEqual([]);
  });
});

describe('a text', () => {
  it.each([
    'hxxps[:]//www[.]xn--ggle-55da[.]com/x?y=1',
    'https://www.gооgle.com/x?y=1',
    'mail to ceo@www.gооgle.com, please',
    'ceo[@]www[.]gооgle[.]com',
    'www。gооgle。com',
  ])('%s holds the host that deceives', (text) => {
    expect(homographsIn(text)).toMatchObject([{ unicode: 'www.gооgle.com', imitates: 'www.google.com' }]);
  });

  it('names each once, and no more than three, however many it holds', () => {
    const many = Array.from({ length: 50 }, (_, at) => `а${at % 10}.com`).join(' ');
    expect(homographsIn(many)).toHaveLength(3);
    expect(homographsIn('а.com а.com')).toHaveLength(1);
  });

  it('never makes it throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => Array.isArray(homographsIn(`${text}а.${text}`))));
  });
});

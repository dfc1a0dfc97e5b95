import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalise } from './canonical.ts';
import { defang } from './defang.ts';
import { extractObservables } from './extract.ts';
import { refang, refangWithOffsets } from './refang.ts';

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const ipv6 = fc
  .ipV6()
  .map((text) => canonicalise('ipv6-addr', text) ?? '')
  .filter((text) => text.includes(':'));
const domain = fc.domain().filter((text) => canonicalise('domain-name', text) !== undefined);
const noisyText = fc.string({
  unit: fc.constantFrom(...'a1.:@[](){}/\\-_%x hXp', 'dot', 'at', '://', 'http', 'hxxp', 'é'),
});

describe('extractObservables on any text', () => {
  it('gives offsets and raw texts that are in the original', () => {
    fc.assert(
      fc.property(noisyText, (text) => {
        for (const { raw, offset } of extractObservables(text)) {
          expect(raw).not.toBe('');
          expect(text.slice(offset, offset + raw.length)).toBe(raw);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('gives values that are canonical already', () => {
    fc.assert(
      fc.property(noisyText, (text) => {
        for (const { type, value } of extractObservables(text)) expect(canonicalise(type, value)).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds an address between words', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        const [found] = extractObservables(`from ${address}, port 80`);
        expect(found).toMatchObject({ type: 'ipv4-addr', value: address, offset: 5 });
      }),
    );
  });

  it('finds what defang made safe', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        expect(extractObservables(`a ${defang(address, 'ipv4-addr')} b`)[0]?.value).toBe(address);
      }),
    );
  });
});

describe('refang', () => {
  it('gives back what defang took', () => {
    fc.assert(
      fc.property(ipv4, domain, ipv6, (four, name, six) => {
        expect(refang(defang(four, 'ipv4-addr'))).toBe(four);
        expect(refang(defang(name, 'domain-name'))).toBe(name);
        expect(refang(defang(six, 'ipv6-addr'))).toBe(six);
        expect(refang(defang(`joe@${name}`, 'email-addr'))).toBe(`joe@${name}`);
        expect(refang(defang(`http://${name}:8080/a.b`, 'url'))).toBe(`http://${name}:8080/a.b`);
      }),
    );
  });

  it('maps the ends of the text to the ends of the original, and never backwards', () => {
    fc.assert(
      fc.property(noisyText, (text) => {
        const refanged = refangWithOffsets(text);
        expect(refanged.toOriginal(refanged.text.length)).toBe(text.length);
        const places = Array.from(refanged.text, (_char, index) => refanged.toOriginal(index));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('the cost of extractObservables', () => {
  it.each([
    'a.',
    '1.1.',
    'aaaa@',
    'a@b.com@',
    'a@b.zz ',
    'hxxp[:]//[[[',
    'http://',
    '::1:',
    'http://a.org/)',
    'CVE-2021-',
    'a1b2',
    '[.]',
    '  [',
    'x.zip/',
    'http://a.org/?u=',
    '(dot)',
    '1:2:',
    '%2e',
    '\\.',
    'http%3A%2F%2F',
    'http://a,',
    '1.1.1.1-',
    '1.1.1.0/24 ',
  ])('reads 400,000 characters of %j repeated; a scan that grows with the square would outlast the test', (unit) => {
    const found = extractObservables(unit.repeat(Math.ceil(400_000 / unit.length)));
    expect(found.length).toBeLessThanOrEqual(1_000);
  });
});

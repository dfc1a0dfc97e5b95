import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../expression.ts';
import { formatAddress, isInternal, isPublic, parseAddress, parseNetwork } from './addresses.ts';

describe('parseAddress', () => {
  it.each([
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '127.1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4/32',
    'fe80::1%eth0',
    '[::1]',
    '::ffff:1.2.3.4.5',
    '',
    '１.2.3.4',
    '1.2.3.4\n',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it.each([
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0A00:0001', '10.0.0.1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
  ])('writes %s as %s', (text, canonical) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(canonical);
  });

  it('reads back every address that it writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text);
        const written = address && formatAddress(address);
        expect(written && formatAddress(parseAddress(written) ?? address)).toBe(written);
        expect(address !== undefined && !(isPublic(address) && isInternal(address))).toBe(true);
      }),
    );
  });
});

describe('blockable', () => {
  const block = (text: string): unknown => compileExpression('blockable(ip)').evaluate({ ip: text });

  it.each(['8.8.8.8', '192.0.2.1', '198.51.100.77', '203.0.113.7', '2001:db8::1', '3fff::1', '2606:4700::1111'])(
    'lets %s through',
    (text) => {
      expect(block(text)).toBe(text);
    },
  );

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    '192.0.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001::1',
    '::ffff:192.168.0.1',
    '8.8.8.8/32',
    '0.0.0.0/0',
    'example.com',
    '',
  ])('refuses %j', (text) => {
    expect(() => block(text)).toThrow(expect.objectContaining({ code: 'expressions.invalid_value' }));
  });
});

describe('parseNetwork', () => {
  it.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/', '10/8', 'x/8', '::/129', '::ffff:10.0.0.0/8'])(
    'refuses %s',
    (text) => {
      expect(parseNetwork(text)).toBeUndefined();
    },
  );

  it.each<[string, unknown]>([
    ['cidr_contains("::ffff:10.0.0.0/104", "10.1.1.1")', true],
    ['cidr_contains("10.0.0.1", "10.0.0.1")', true],
    ['cidr_contains("0.0.0.0/0", "::1")', false],
    ['cidr_contains([], "10.0.0.1")', false],
    ['network_of("2001:db8:1:2:3::4", 48)', '2001:db8:1::/48'],
    ['network_of("10.9.8.7", 12)', '10.0.0.0/12'],
    ['network_of("10.9.8.7", 0)', '0.0.0.0/0'],
  ])('%s is %j', (source, expected) => {
    expect(compileExpression(source).evaluate({})).toBe(expected);
  });
});

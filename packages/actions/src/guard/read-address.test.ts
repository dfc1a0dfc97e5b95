import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeText } from './address-range.ts';
import { readAddress } from './read-address.ts';

const read = (text: string) => readAddress(text).map(rangeText);

describe('reading an address', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7']],
    [' 203.0.113.7 ', ['203.0.113.7']],
    ['203.0.113.7:443', ['203.0.113.7']],
    ['203.0.113.7.', ['203.0.113.7']],
    ['203.0.113.9/24', ['203.0.113.0/24']],
    ['203.0.113.9/255.255.255.0', ['203.0.113.0/24']],
    ['203.0.113.1-203.0.113.9', ['203.0.113.1-203.0.113.9']],
    ['203.0.113.0-203.0.113.255', ['203.0.113.0/24']],
    ['134744072', ['8.8.8.8']],
    ['0x08080808', ['8.8.8.8']],
    ['0x8.0x8.0x8.0x8', ['8.8.8.8']],
    ['8.8.2056', ['8.8.8.8']],
    ['127.1', ['127.0.0.1']],
    ['８.８.８.８', ['8.8.8.8']],
    ['8。8。8。8', ['8.8.8.8']],
    ['::ffff:8.8.8.8', ['8.8.8.8']],
    ['::ffff:808:808', ['8.8.8.8']],
    ['[::ffff:8.8.8.8]:53', ['8.8.8.8']],
    ['2001:DB8:0:0::53', ['2001:db8::53']],
    ['fe80::1%eth0', ['fe80::1']],
    ['2001:db8::/32', ['2001:db8::/32']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
  ])('takes %s for %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['010.010.010.010', ['8.8.8.8', '10.10.10.10']],
    ['::808:808', ['::808:808', '8.8.8.8']],
    ['64:ff9b::808:808', ['64:ff9b::808:808', '8.8.8.8']],
    ['2002:808:808::1', ['2002:808:808::1', '8.8.8.8']],
    ['2002:808::/32', ['2002:808::/32', '8.8.0.0/16']],
  ])('finds both meanings of %s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    '',
    '10.0.0.*',
    '10.0.0',
    '256.1.1.1',
    '1.2.3.4.5',
    '1.2.3.4/33',
    '1.2.3.4/24/8',
    '1.2.3.4, 5.6.7.8',
    '1.2.3.4 5.6.7.8',
    '9.9.9.9-1.1.1.1',
    'example.com',
    ':::',
    '1.2.3.4/255.0.255.0',
    `1.2.3.4${'0'.repeat(200)}`,
  ])('refuses %j', (text) => {
    // `10.0.0` is what inet_aton takes for 10.0.0.0: three parts are an address of their own.
    expect(read(text)).toEqual(text === '10.0.0' ? ['10.0.0.0'] : []);
  });

  it('never throws, and gives back canonical text that reads as itself', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => void readAddress(text)));
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        for (const range of readAddress(text)) expect(read(rangeText(range))).toContain(rangeText(range));
      }),
    );
  });

  it('reads every spelling of an IPv4 address as that address', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), (number) => {
        const bytes = [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
        const plain = bytes.join('.');
        const hex = bytes.map((byte) => `0x${byte.toString(16)}`).join('.');
        const octal = bytes.map((byte) => `0${byte.toString(8)}`).join('.');
        const pair = (high: number, low: number) => (high * 256 + low).toString(16);
        const [a, b, c, d] = bytes as [number, number, number, number];
        const mapped = `::ffff:${pair(a, b)}:${pair(c, d)}`;
        for (const text of [plain, hex, octal, String(number), `0x${number.toString(16)}`, mapped]) {
          expect(read(text)).toContain(plain);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from './time.ts';
import { timePattern } from './time-pattern.ts';

const at = (iso: string) => Date.parse(iso);

describe('parseTime in auto mode', () => {
  it.each([
    ['2019-10-13T09:40:18.170756+0000', '2019-10-13T09:40:18.170Z'],
    ['2024-05-01T12:00:00.123456789+02:00', '2024-05-01T10:00:00.123Z'],
    ['2024-05-01T12:00:00Z', '2024-05-01T12:00:00Z'],
    ['2024-05-01T12:00:00-07', '2024-05-01T19:00:00Z'],
    ['2024-05-01 12:00:00,250', '2024-05-01T12:00:00.250Z'],
    ['2024-05-01 12:00:00 UTC', '2024-05-01T12:00:00Z'],
    ['20240501T120000Z', '2024-05-01T12:00:00Z'],
    ['20240501', '2024-05-01T00:00:00Z'],
    ['2024-05-01', '2024-05-01T00:00:00Z'],
    ['2024/05/01 12:00:00', '2024-05-01T12:00:00Z'],
    ['Mon, 18 Jul 2022 17:19:52 +0200', '2022-07-18T15:19:52Z'],
    ['18 Jul 2022 08:19:52 PDT (Pacific)', '2022-07-18T15:19:52Z'],
    ['[10/Oct/2000:13:55:36 -0700]', '2000-10-10T20:55:36Z'],
    ['Sun Nov  2 04:34:56 UTC 2025', '2025-11-02T04:34:56Z'],
    ['Sun Nov 22 04:34:56 2026', '2026-11-22T04:34:56Z'],
    ['1700000000', '2023-11-14T22:13:20Z'],
    [1700000000, '2023-11-14T22:13:20Z'],
    [1700000000.123, '2023-11-14T22:13:20.123Z'],
    ['1700000000.999999', '2023-11-14T22:13:20.999Z'],
    [1700000000123, '2023-11-14T22:13:20.123Z'],
    ['1700000000123456', '2023-11-14T22:13:20.123Z'],
    ['1700000000123456789', '2023-11-14T22:13:20.123Z'],
    [1700000000123456789n, '2023-11-14T22:13:20.123Z'],
    ['133444736000000000', '2023-11-14T22:13:20Z'],
    [new Date('2024-05-01T12:00:00Z'), '2024-05-01T12:00:00Z'],
  ])('reads %s', (value, iso) => {
    expect(parseTime(value)).toBe(at(iso));
  });

  it.each([
    '',
    'yesterday',
    '2024-13-01',
    '2024-02-30T00:00:00Z',
    '2024-05-01T25:00:00Z',
    'NaN',
    null,
    {},
    true,
    '1'.repeat(5000),
  ])('does not read %j', (value) => {
    expect(parseTime(value)).toBeUndefined();
  });

  it('agrees with every ISO time that Date writes', () => {
    const moment = fc.date({ min: new Date('1971-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime());
        expect(parseTime(date.toUTCString())).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });

  it('gives a number or nothing for any value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(['undefined', 'number']).toContain(typeof parseTime(value));
      }),
    );
  });
});

describe('parseTime of syslog', () => {
  const reference = at('2026-01-01T12:00:00Z');

  it('takes the year that is nearest to the reference and at most a day ahead', () => {
    expect(parseTime('Dec 31 23:59:59', 'syslog', reference)).toBe(at('2025-12-31T23:59:59Z'));
    expect(parseTime('Jan  2 01:02:03', 'syslog', reference)).toBe(at('2026-01-02T01:02:03Z'));
    expect(parseTime('Jan  3 01:02:03', 'auto', reference)).toBe(at('2025-01-03T01:02:03Z'));
    expect(parseTime('Feb 29 01:02:03', 'syslog', reference)).toBe(at('2024-02-29T01:02:03Z'));
  });

  it('does not guess without a reference, unless the year is written', () => {
    expect(parseTime('Dec 31 23:59:59', 'syslog')).toBeUndefined();
    expect(parseTime('Dec 31 2024 23:59:59', 'syslog')).toBe(at('2024-12-31T23:59:59Z'));
  });
});

describe('parseTime with a stated format', () => {
  it('takes the unit at its word', () => {
    expect(parseTime('1700', 'epoch')).toBe(1_700_000);
    expect(parseTime('1700', 'epoch_ms')).toBe(1700);
    expect(parseTime('116444736000000000', 'filetime')).toBe(0);
    expect(parseTime('2024-05-01', 'rfc2822')).toBeUndefined();
    expect(parseTime('1700000000', 'iso')).toBeUndefined();
  });

  it.each([
    ['DD.MM.YYYY HH:mm:ss', '31.12.2024 23:59:58', '2024-12-31T23:59:58Z'],
    ['DD/MMM/YYYY:HH:mm:ss Z', '10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36Z'],
    ['M/D/YYYY h:mm:ss A', '1/2/2024 12:05:06 AM', '2024-01-02T00:05:06Z'],
    ['M/D/YYYY h:mm:ss A', '1/2/2024 1:05:06 pm', '2024-01-02T13:05:06Z'],
    ["YYYY-MM-DD'T'HH:mm:ss.SSSZ", '2024-05-01T12:00:00.123456+02:00', '2024-05-01T10:00:00.123Z'],
    ['YYMMDD', '991231', '1999-12-31T00:00:00Z'],
  ])('reads %j', (pattern, text, iso) => {
    expect(parseTime(text, pattern)).toBe(at(iso));
  });

  it('reads nothing that the pattern does not say', () => {
    expect(parseTime('31.12.2024', 'DD.MM.YYYY HH:mm')).toBeUndefined();
    expect(parseTime('32.12.2024', 'DD.MM.YYYY')).toBeUndefined();
    expect(parseTime('1/2/2024 13:05 PM', 'M/D/YYYY h:mm A')).toBeUndefined();
  });

  it.each(['HH:mm', 'YYYY-MM-DDTHH', 'YYYY-MM-DD DD', 'nonsense'])('refuses the pattern %j', (pattern) => {
    expect(() => timePattern(pattern)).toThrow('cannot be used');
  });
});

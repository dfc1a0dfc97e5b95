import { describe, expect, it } from 'vitest';
import { compileExpression } from '../expression.ts';

function at(source: string): unknown {
  return compileExpression(source).evaluate({});
}

describe('add_business_days', () => {
  it.each([
    ['2026-01-05T09:00:00Z', 1, '2026-01-06T09:00:00Z'],
    ['2026-01-09T09:00:00Z', 1, '2026-01-12T09:00:00Z'],
    ['2026-01-09T09:00:00Z', 5, '2026-01-16T09:00:00Z'],
    ['2026-01-10T09:00:00Z', 1, '2026-01-12T09:00:00Z'],
    ['2026-01-12T09:00:00Z', -1, '2026-01-09T09:00:00Z'],
    ['2026-01-12T09:00:00Z', 0, '2026-01-12T09:00:00Z'],
  ])('%s and %i days is %s', (from, days, to) => {
    expect(at(`format_time(add_business_days(timestamp("${from}"), ${days}))`)).toBe(to);
  });

  it('keeps the local time of day when the clocks change', () => {
    const moved = 'add_business_days(timestamp("2026-03-27T09:00:00+01:00"), 1, "Europe/Zurich")';
    expect(at(`format_time(${moved}, "ddd HH:mm Z", "Europe/Zurich")`)).toBe('Mon 09:00 +02:00');
  });
});

describe('times', () => {
  it.each<[string, unknown]>([
    ['format_time(0)', '1970-01-01T00:00:00Z'],
    ['format_time(0, "YYYY-MM-DD HH:mm:ss.SSS Z", "Asia/Kolkata")', '1970-01-01 05:30:00.000 +05:30'],
    ['hour_of_day(timestamp("2026-07-01T23:30:00Z"), "Europe/Zurich")', 1],
    ['day_of_week(timestamp("2026-01-11"))', 7],
    ['timestamp("2026-01-05 09:30:00.250+0100")', 1_767_601_800_250],
    ['timestamp("2026-01-05T09:30Z")', 1_767_605_400_000],
    ['timestamp(1767601800000)', 1_767_601_800_000],
    ['timestamp(1767601800.5)', 1_767_601_800_500],
  ])('%s is %j', (source, expected) => {
    expect(at(source)).toBe(expected);
  });

  it.each([
    'timestamp("2026-13-01T00:00:00Z")',
    'timestamp("2026-01-05T09:30:00")',
    'timestamp("05/01/2026")',
    'timestamp(1e18)',
    'format_time(0, "YYYY", "Mars/Olympus")',
    'add_business_days(0, 5000)',
  ])('refuses %s', (source) => {
    expect(() => at(source)).toThrow(expect.objectContaining({ code: 'expressions.invalid_value' }));
  });
});

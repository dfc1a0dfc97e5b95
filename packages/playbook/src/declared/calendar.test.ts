import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangeWindows, createChangeWindows, parseCalendar } from './calendar.ts';

const JANUARY = Date.UTC(2026, 0, 1);
const time = (iso: string): number => Date.parse(iso);
const iso = (at: number | null | undefined): string =>
  typeof at === 'number' ? new Date(at).toISOString() : String(at);

function windows(body: string): ChangeWindows {
  const calendar = parseCalendar(`kind: calendar/v1\nid: c\ntitle: C\n${body}`, JANUARY);
  return createChangeWindows(new Map([['c', calendar]]));
}
const next = (of: ChangeWindows, at: string): string => iso(of.next('c', time(at)));

describe('change windows', () => {
  const nights = windows('time_zone: UTC\nwindows: [{ open: "0 22 * * 1-5", for: 8h }]\n');

  it('are open from their beginning until before their end', () => {
    expect(next(nights, '2026-01-05T21:59:59.999Z')).toBe('2026-01-05T22:00:00.000Z');
    expect(next(nights, '2026-01-05T22:00:00Z')).toBe('2026-01-05T22:00:00.000Z');
    expect(next(nights, '2026-01-06T05:59:59.999Z')).toBe('2026-01-06T05:59:59.999Z');
    expect(next(nights, '2026-01-06T06:00:00Z')).toBe('2026-01-06T22:00:00.000Z');
  });

  it('pass over days that have none', () => {
    expect(next(nights, '2026-01-10T12:00:00Z')).toBe('2026-01-12T22:00:00.000Z');
  });

  it('are shut on closed days, also when they began the day before', () => {
    const closed = windows('time_zone: UTC\nwindows: [{ open: "0 22 * * *", for: 8h }]\nclosed: [2026-12-25]\n');
    expect(next(closed, '2026-12-24T23:00:00Z')).toBe('2026-12-24T23:00:00.000Z');
    expect(next(closed, '2026-12-25T01:00:00Z')).toBe('2026-12-26T00:00:00.000Z');
    expect(next(closed, '2026-12-25T22:30:00Z')).toBe('2026-12-26T00:00:00.000Z');
  });

  it('open at the local time on both sides of a change of the clocks', () => {
    const zurich = windows('time_zone: Europe/Zurich\nwindows: [{ open: "0 20 * * *", for: 2h }]\n');
    expect(next(zurich, '2026-03-28T12:00:00Z')).toBe('2026-03-28T19:00:00.000Z');
    expect(next(zurich, '2026-03-29T12:00:00Z')).toBe('2026-03-29T18:00:00.000Z');
    expect(next(zurich, '2026-10-24T12:00:00Z')).toBe('2026-10-24T18:00:00.000Z');
    expect(next(zurich, '2026-10-25T12:00:00Z')).toBe('2026-10-25T19:00:00.000Z');
  });

  it('open once in the hour that a change of the clocks skips or repeats', () => {
    const early = windows('time_zone: Europe/Zurich\nwindows: [{ open: "30 2 * * *", for: 10m }]\n');
    // 02:30 does not exist on 29 March: the clocks go from 02:00 to 03:00, and it opens then.
    expect(next(early, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    const first = next(early, '2026-10-25T00:00:00Z');
    expect(first).toBe('2026-10-25T00:30:00.000Z');
    expect(next(early, '2026-10-25T00:40:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it('last as long as they say, also over a change of the clocks', () => {
    const long = windows('time_zone: Europe/Zurich\nwindows: [{ open: "0 0 * * 0", for: 6h }]\n');
    expect(next(long, '2026-03-29T04:59:59Z')).toBe('2026-03-29T04:59:59.000Z');
    expect(next(long, '2026-03-29T05:00:00Z')).toBe('2026-04-04T22:00:00.000Z');
  });

  it('join several lines, and openings that overlap', () => {
    const several = windows(
      'time_zone: UTC\nwindows: [{ open: "0 1 * * *", for: 2h }, { open: "0 */2 * * *", for: 3h }]\n',
    );
    expect(next(several, '2026-01-05T13:37:00Z')).toBe('2026-01-05T13:37:00.000Z');
  });

  it('answer for a moment in the window with that moment, and never with an earlier one', () => {
    fc.assert(
      fc.property(fc.integer({ min: JANUARY, max: JANUARY + 400 * 86_400_000 }), (at) => {
        const open = nights.next('c', at) as number;
        expect(open).toBeGreaterThanOrEqual(at);
        expect(nights.next('c', open)).toBe(open);
        const hour = new Date(open).getUTCHours();
        expect(hour >= 22 || hour < 6).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('know no others', () => {
    expect(nights.next('d', JANUARY)).toBeUndefined();
  });
});

describe('parseCalendar', () => {
  it.each([
    ['time_zone: UTC\nwindows: [{ open: "0 0 30 2 *", for: 1h }]', /"0 0 30 2 \*" never opens/],
    ['time_zone: UTC\nwindows: [{ open: "0 25 * * *", for: 1h }]', /hour/i],
    ['time_zone: UTC\nwindows: [{ open: "0 0 1 1 * 2030", for: 1h }]', /part/i],
    ['time_zone: Europe/Zurch\nwindows: [{ open: "0 0 * * *", for: 1h }]', /time_zone/],
    ['time_zone: UTC\nwindows: [{ open: "0 0 * * *", for: 40d }]', /31 days/],
    ['time_zone: UTC\nwindows: []', /windows/],
    ['time_zone: UTC\nwindows: [{ open: "0 0 * * *", for: 1h }]\nclosed: [2026-02-30]', /closed.0/],
    ['time_zone: UTC\nwindow: [{ open: "0 0 * * *", for: 1h }]', /window/],
  ])('refuses %s', (body, reason) => {
    expect(() => parseCalendar(`kind: calendar/v1\nid: c\ntitle: C\n${body}\n`, JANUARY)).toThrow(
      expect.objectContaining({ code: 'playbook.calendar_invalid', message: expect.stringMatching(reason) }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { nextFire } from './cron.ts';

function fires(cron: string, zone: string, from: string, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let after = Date.parse(from);
  for (let turn = 0; turn < count; turn++) {
    const next = nextFire(cron, zone, after);
    found.push(next === undefined ? undefined : new Date(next).toISOString().slice(0, 16));
    if (next === undefined) break;
    after = next;
  }
  return found;
}

describe('nextFire', () => {
  it('is after the given moment, never at it', () => {
    expect(fires('0 6 * * 1-5', 'UTC', '2026-01-02T06:00:00Z', 2)).toEqual(['2026-01-05T06:00', '2026-01-06T06:00']);
  });

  it('takes the moment after the gap for a time of day that summer time leaves out', () => {
    expect(fires('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
  });

  it('takes a time of day that comes twice once', () => {
    expect(fires('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('keeps its distance in the hour that comes twice', () => {
    expect(fires('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', 4)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
    ]);
  });

  it('finds a day that only leap years have, and none where there is none', () => {
    expect(fires('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual(['2028-02-29T00:00']);
    expect(fires('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual([undefined]);
  });
});

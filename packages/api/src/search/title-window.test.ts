import { manualClock } from '@counterpoint/core';
import type { Reader } from '@counterpoint/events';
import { describe, expect, it } from 'vitest';
import { createTitleWindow } from './title-window.ts';

const DAY = 24 * 3_600_000;

/** A table into which so many rows come a day. */
function tableOf(perDay: number, now: number) {
  const asked: string[] = [];
  const count = async (table: string, where: { readonly created_at: { readonly gte: number } }) => {
    asked.push(table);
    return ((now - where.created_at.gte) / DAY) * perDay;
  };
  return { asked, reader: { count } as unknown as Reader };
}

describe('how far back titles are searched', () => {
  it.each([
    [1, 20_000],
    [30, 365],
    [100, 30],
    [1_000, 7],
    [100_000, 1],
  ])('with %i rows a day is %i days', async (perDay, days) => {
    const now = 20_000 * DAY;
    const since = createTitleWindow(tableOf(perDay, now).reader, manualClock(now));
    // 20,000 days ago is where time begins: everything.
    expect(await since('alerts')).toBe(now - days * DAY);
  });

  it('is asked once a minute', async () => {
    const now = 20_000 * DAY;
    const clock = manualClock(now);
    const { asked, reader } = tableOf(100_000, now);
    const since = createTitleWindow(reader, clock);
    await since('alerts');
    await since('alerts');
    expect(asked).toHaveLength(1);
    clock.advance(60_001);
    await since('alerts');
    expect(asked).toHaveLength(2);
  });
});

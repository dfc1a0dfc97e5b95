import { manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { searchHandlers } from '../handlers/search.ts';

const DAY = 24 * 3_600_000;
const clock = manualClock(20_000 * DAY);

/** Since when titles were searched, in an installation with so many alerts and cases. */
async function since(q: string, rows: number, permissions: readonly string[] = ['alert:read', 'case:read']) {
  const store = { ...createMemoryStore(), count: async () => rows };
  const { search } = searchHandlers({
    store,
    clock,
    connectors: new Map(),
    builtins: new Map(),
    topics: new Map(),
  } as never);
  const principal = { ref: 'user:ada', permissions: new Set(permissions) };
  return (await search({ query: { q }, principal } as never)).titles_since;
}

describe('the search', () => {
  it('says since when titles were looked at, where there are too many for all of them', async () => {
    expect(await since('brute force', 20_001)).toBe(clock.now() - DAY);
    expect(await since('brute force', 20_001, ['case:read'])).toBe(clock.now() - DAY);
    expect(await since('brute force', 20_000)).toBeNull();
  });

  it.each(['203.0.113.7', '01a201db-baef'])('says nothing of titles where none are looked at: %s', async (q) => {
    expect(await since(q, 20_001)).toBeNull();
  });

  it('says nothing of what its asker may not read', async () => {
    expect(await since('brute force', 20_001, ['run:read'])).toBeNull();
  });
});

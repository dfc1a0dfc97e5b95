import type { RunRow } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageRows } from './paging.ts';
import { listRuns } from './runs/list-runs.ts';
import { createVersionNumbers } from './runs/version-numbers.ts';
import { type Surface, startSurface } from './testing/surface.ts';

const NEWEST = { column: 'created_at', key: 'id' } as const;

describe('pageRows', () => {
  // Few different times, so that many rows share one and only the id tells them apart.
  const times = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 });
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 });
  const arrivals = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });

  test.prop([times, sizes, arrivals])(
    'gives every row that was there once and in order, whatever the page sizes and whatever arrives meanwhile',
    async (standing, limits, later) => {
      const store = createMemoryStore();
      const add = (id: string, at: number) =>
        store.commit({ runs: [{ op: 'create', row: aRun(id, { created_at: at }) }] });
      for (const [index, at] of standing.entries()) await add(`old-${String(index).padStart(3, '0')}`, at);
      const seen: RunRow[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 200; page++) {
        const limit = limits[page % limits.length] as number;
        const { rows, next } = await pageRows(store, 'runs', { limit, cursor }, NEWEST);
        expect(rows.length).toBeLessThanOrEqual(limit);
        seen.push(...rows);
        const at = later[page];
        if (at !== undefined) await add(`new-${String(page).padStart(3, '0')}`, at);
        if (next === null) break;
        expect(rows).toHaveLength(limit);
        cursor = next;
      }
      const ids = seen.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const old = standing.map((at, index) => ({ id: `old-${String(index).padStart(3, '0')}`, at }));
      expect(ids.filter((id) => id.startsWith('old-')).sort()).toEqual(old.map(({ id }) => id));
      const order = seen.map(({ created_at }) => created_at);
      expect(order).toEqual([...order].sort((a, b) => b - a));
      await store.close();
    },
  );
});

describe('cursors', () => {
  let surface: Surface;
  beforeAll(async () => {
    surface = await startSurface(createMemoryStore(), (store) => ({
      listRuns: ({ query }) => listRuns(store, createVersionNumbers(store), query, 0),
    }));
  });
  afterAll(() => surface.close());

  const list = (cursor: string) =>
    surface.send({
      path: `/api/v1/runs?cursor=${encodeURIComponent(cursor)}`,
      headers: { authorization: `Bearer ${surface.owner}` },
    });
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('that this list did not give are refused', async () => {
    const wrong = [
      'x',
      '%%%',
      encode(null),
      encode({}),
      encode([]),
      encode(['x']),
      encode([1, 'x', 2]),
      encode([null, 'x']),
      encode([{ a: 1 }, 'x']),
      encode([1, 2]),
      encode(['1', 'x']),
      encode([true, 'x']),
      Buffer.from('[1e400,"x"]').toString('base64url'),
      encode([1.5, 'x']),
      encode(["1' OR '1'='1", 'x']),
      Buffer.from('[1,"x"').toString('base64url'),
    ];
    for (const cursor of wrong) {
      const { status, text } = await list(cursor);
      expect({ status, code: JSON.parse(text).code }, `${cursor}: ${text}`).toEqual({
        status: 400,
        code: 'api.cursor_invalid',
      });
    }
  });

  test.prop(
    [
      fc.oneof(
        fc.string(),
        fc.json().map((text) => Buffer.from(text).toString('base64url')),
      ),
    ],
    {
      numRuns: 150,
    },
  )('never lead to anything but a page or a refusal', async (cursor) => {
    const { status } = await list(cursor.slice(0, 500));
    expect([200, 400]).toContain(status);
  });
});

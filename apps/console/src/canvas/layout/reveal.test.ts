import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgePath } from './edge-path.ts';
import { firstView, inSight, revealed } from './reveal.ts';

const size = { width: 800, height: 600 };

describe('what of a canvas is seen', () => {
  test('a small graph stands whole in the middle', () => {
    expect(firstView({ width: 400, height: 300, axis: 200 }, size)).toEqual({ zoom: 1, x: 200, y: 24 });
  });

  test('of a large one the beginning is seen, large enough to be read', () => {
    const view = firstView({ width: 9_000, height: 9_000, axis: 3_000 }, size);
    expect(view.zoom).toBeGreaterThanOrEqual(0.7);
    expect(3_000 * view.zoom + view.x).toBe(400);
  });

  test('a box that is seen moves nothing', () => {
    const view = { x: 0, y: 0, zoom: 1 };
    expect(revealed(view, { x: 100, y: 100, w: 256, h: 56 }, size)).toBe(view);
  });

  test('of a graph that became short nothing is seen from where its end was', () => {
    const graph = { width: 400, height: 2_000, axis: 200 };
    const atItsEnd = { x: 200, y: -1_500, zoom: 1 };
    expect(inSight(atItsEnd, graph, size)).toBe(true);
    expect(inSight(atItsEnd, { ...graph, height: 300 }, size)).toBe(false);
    expect(inSight({ ...atItsEnd, x: 900 }, graph, size)).toBe(false);
    expect(inSight(firstView(graph, size), graph, size)).toBe(true);
  });

  test('any box of the size of a step is seen afterwards', () => {
    const place = fc.integer({ min: -20_000, max: 20_000 });
    fc.assert(
      fc.property(place, place, fc.double({ min: 0.1, max: 1.5, noNaN: true }), (x, y, zoom) => {
        const view = revealed({ x: 0, y: 0, zoom }, { x, y, w: 256, h: 56 }, size);
        const left = x * zoom + view.x;
        const top = y * zoom + view.y;
        expect(left >= 0 && left + 256 * zoom <= 800 && top >= 0 && top + 56 * zoom <= 600).toBe(true);
      }),
    );
  });
});

describe('the way of a line', () => {
  const base = { id: 'e', source: 'a', label: '', at: undefined, way: undefined };

  test('goes straight down where it can', () => {
    const shape = edgePath({ ...base, target: 'b', from: { x: 5, y: 0 }, to: { x: 5, y: 40 } });
    expect(shape).toMatchObject({ path: 'M5 0V40', button: { x: 5, y: 20 } });
  });

  test('turns near a fork on the way out, and near the join on the way in', () => {
    const out = edgePath({ ...base, target: 'b', from: { x: 0, y: 0 }, to: { x: 100, y: 68 } });
    const back = edgePath({ ...base, target: 'join:a', from: { x: 100, y: 0 }, to: { x: 0, y: 68 } });
    expect(out.path).toContain('Q0 18');
    expect(back.path).toContain('Q100 54');
    expect(back.button.x).toBe(100);
  });
});

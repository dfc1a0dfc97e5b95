import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgePath } from './edge-path.ts';
import { firstView, inSight, isToBegin, revealed } from './reveal.ts';

const size = { width: 800, height: 600 };

describe('what of a canvas is seen', () => {
  test('a small graph stands whole in the middle', () => {
    expect(firstView({ width: 400, height: 300, axis: 200, main: [] }, size)).toEqual({ zoom: 1, x: 200, y: 24 });
  });

  test('of a large one the beginning is seen, large enough to be read', () => {
    const main = [{ x: 0, y: 0, w: 9_000, h: 56 }];
    const view = firstView({ width: 9_000, height: 9_000, axis: 3_000, main }, size);
    expect(view.zoom).toBeGreaterThanOrEqual(0.65);
    expect(3_000 * view.zoom + view.x).toBe(400);
  });

  test('of a high one all that is seen of it fits beside each other, as large as it can', () => {
    const narrow = { x: 900, y: 0, w: 200, h: 56 };
    const wide = { x: 400, y: 300, w: 1_000, h: 200 };
    const below = { x: 0, y: 900, w: 2_000, h: 56 };
    const graph = { width: 2_000, height: 4_000, axis: 1_000 };
    expect(firstView({ ...graph, main: [narrow, below] }, size)).toMatchObject({ zoom: 1, x: -600 });
    const view = firstView({ ...graph, main: [narrow, wide, below] }, size);
    expect(view.zoom).toBeCloseTo(0.77);
    expect(wide.x * view.zoom + view.x).toBeGreaterThanOrEqual(12);
    expect((wide.x + wide.w) * view.zoom + view.x).toBeLessThanOrEqual(788);
  });

  test('the first view follows the size of the window until somebody moves it', () => {
    const graph = { width: 2_000, height: 4_000, axis: 1_000, main: [] };
    const view = firstView(graph, size);
    const first = { ...view, ...size };
    const larger = { width: 1_200, height: 600 };
    expect(isToBegin(undefined, view, graph, size)).toBe(true);
    expect(isToBegin(first, view, graph, size)).toBe(false);
    expect(isToBegin(first, view, graph, larger)).toBe(true);
    expect(isToBegin(first, { ...view, y: -300 }, graph, larger)).toBe(false);
    expect(isToBegin(first, { ...view, y: -9_000 }, graph, size)).toBe(true);
  });

  test('a box that is seen moves nothing', () => {
    const view = { x: 0, y: 0, zoom: 1 };
    expect(revealed(view, { x: 100, y: 100, w: 256, h: 56 }, size)).toBe(view);
  });

  test('of a graph that became short nothing is seen from where its end was', () => {
    const graph = { width: 400, height: 2_000, axis: 200, main: [] };
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

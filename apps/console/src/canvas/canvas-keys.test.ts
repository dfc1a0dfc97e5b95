import { describe, expect, test } from 'vitest';
import { actOnKey } from './canvas-keys.ts';
import type { CanvasWish } from './canvas-props.ts';
import { indexSteps } from './steps-index.ts';
import { anOutline, aSlot, aStep } from './testing/outlines.ts';

const index = indexSteps(
  anOutline([aStep('first'), aStep('loop', { kind: 'foreach', slots: [aSlot('do', [aStep('inner')])] })]),
);

function press(
  key: string,
  selected: string,
  held: { ctrlKey?: boolean; altKey?: boolean; shiftKey?: boolean } = {},
  fixed = false,
  steps: readonly string[] = [selected],
) {
  const did: unknown[] = [];
  const used = actOnKey(
    {
      index,
      selected,
      range: { steps, grow: (by) => did.push(`grow ${by}`), clear: () => did.push('clear') },
      select: (address) => did.push(`select ${address}`),
      open: (address) => did.push(`open ${address}`),
      menu: (address) => did.push(`menu ${address}`),
      wish: fixed ? undefined : (wish: CanvasWish) => did.push(wish),
    },
    { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held },
  );
  return { used, did };
}

describe('keys on the canvas', () => {
  test.each<[string, string, object, unknown]>([
    ['ArrowDown', 'first', {}, 'select loop'],
    ['Escape', 'inner', {}, 'select loop'],
    ['Escape', 'first', {}, 'select '],
    ['Enter', 'first', {}, 'open first'],
    ['w', 'first', {}, 'menu first'],
    ['F10', 'first', { shiftKey: true }, 'menu first'],
    ['ArrowDown', 'first', { shiftKey: true }, 'grow 1'],
    ['ArrowUp', 'loop', { shiftKey: true }, 'grow -1'],
    ['F2', 'first', {}, { kind: 'rename', address: 'first' }],
    ['Delete', 'first', {}, { kind: 'delete', addresses: ['first'] }],
    ['a', 'inner', {}, { kind: 'add', at: { step: 'loop', slot: 'do', index: 1 } }],
    ['a', '', {}, { kind: 'add', at: { step: '', slot: 'steps', index: 0 } }],
    ['ArrowRight', 'loop', { altKey: true }, { kind: 'move', address: 'loop', direction: 'in' }],
    ['d', 'first', { ctrlKey: true }, { kind: 'duplicate', address: 'first' }],
    ['z', '', { ctrlKey: true }, { kind: 'undo' }],
    ['Z', '', { ctrlKey: true, shiftKey: true }, { kind: 'redo' }],
    ['y', '', { ctrlKey: true }, { kind: 'redo' }],
  ])('%s at %j with %j', (key, selected, held, did) => {
    expect(press(key, selected, held)).toEqual({ used: true, did: [did] });
  });

  test('what is chosen together is deleted together, and let go of by Escape', () => {
    const chosen = ['first', 'loop'];
    expect(press('Delete', 'first', {}, false, chosen).did).toEqual([{ kind: 'delete', addresses: ['first', 'loop'] }]);
    expect(press('Escape', 'first', {}, false, chosen).did).toEqual(['clear']);
  });

  test.each(['a', 'w', 'F2', 'Delete'])('%s changes nothing where nothing may be changed', (key) => {
    expect(press(key, 'first', {}, true)).toEqual({ used: false, did: [] });
  });

  test.each([
    ['Tab', {}],
    ['x', {}],
    ['s', { ctrlKey: true }],
  ])('%s with %j is left to the browser', (key, held) => {
    expect(press(key, 'first', held).used).toBe(false);
  });
});

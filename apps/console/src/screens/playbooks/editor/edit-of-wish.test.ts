import { describe, expect, test } from 'vitest';
import type { CanvasWish } from '../../../canvas/canvas-props.ts';
import { indexSteps } from '../../../canvas/steps-index.ts';
import { anOutline, aStep } from '../../../canvas/testing/outlines.ts';
import { editOfWish } from './edit-of-wish.ts';

const index = indexSteps(anOutline([aStep('a'), aStep('b')]));
const at = { step: '', slot: 'steps', index: 1 };

describe('what a wish of the canvas changes in the text', () => {
  test.each<[CanvasWish, unknown]>([
    [
      { kind: 'delete', addresses: ['a'] },
      { op: 'delete', addresses: ['a'] },
    ],
    [
      { kind: 'duplicate', address: 'a' },
      { op: 'duplicate', address: 'a' },
    ],
    [
      { kind: 'wrap', addresses: ['a', 'b'], in: 'foreach' },
      { op: 'wrap', addresses: ['a', 'b'], in: 'foreach' },
    ],
    [
      { kind: 'move', address: 'a', direction: 'down' },
      { op: 'move', address: 'a', to: { step: '', slot: 'steps', index: 2 } },
    ],
    [{ kind: 'move', address: 'a', direction: 'up' }, undefined],
    [
      { kind: 'place', address: 'b', at },
      { op: 'move', address: 'b', to: at },
    ],
    [
      { kind: 'drop', payload: '{"kind":"wait"}', at },
      { op: 'add', at, step: { kind: 'wait' } },
    ],
    [{ kind: 'drop', payload: 'a file name', at }, undefined],
    [{ kind: 'undo' }, undefined],
    [{ kind: 'rename', address: 'a' }, undefined],
  ])('%j', (wish, edit) => {
    expect(editOfWish(wish, index)).toEqual(edit);
  });
});

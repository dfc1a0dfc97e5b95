import { describe, expect, test } from 'vitest';
import { indexSteps } from '../../../canvas/steps-index.ts';
import { anOutline, aSlot, aStep } from '../../../canvas/testing/outlines.ts';
import { overlayOfSteps } from './overlay-of-steps.ts';

const outline = anOutline([
  aStep('each', { kind: 'foreach', slots: [aSlot('do', [aStep('each.look')])] }),
  aStep('fork', {
    kind: 'if',
    slots: [aSlot('then', [aStep('yes')]), aSlot('else', [aStep('no')])],
  }),
]);
const index = indexSteps(outline);
const done = (address: string, status = 'succeeded') => ({ address, status, error: null });

describe('a rehearsed run on the canvas', () => {
  test('rounds of a loop are counted together, and one that failed is seen', () => {
    const failed = { address: 'each[1].look', status: 'failed', error: { message: 'no answer' } };
    const overlay = overlayOfSteps([done('each[0].look'), failed, done('each[2].look'), done('each')], index);
    expect(overlay.get('each.look')).toMatchObject({ state: 'failed', count: 3, failed: 1, note: 'no answer' });
    expect(overlay.get('each')).toMatchObject({ state: 'succeeded', taken: ['do'] });
  });

  test('the branch that was taken is known by its steps, the other one stays idle', () => {
    const overlay = overlayOfSteps([done('fork'), done('no')], index);
    expect(overlay.get('fork')?.taken).toEqual(['else']);
    expect(overlay.get('yes')?.state).toBe('idle');
  });
});

import type { TraceNode } from '@counterpoint/contracts';
import { describe, expect, it } from 'vitest';
import { assemble } from './build-trace.ts';
import type { Placed } from './trace-nodes.ts';

const placed = (ref: string, at: number, ...parents: readonly string[]): Placed => ({
  node: {
    ...{ ref, kind: 'step', title: ref, words: ref, because: '', status: '', at, until: null },
    ...{ simulated: false, detail: null, children: [], more: 0 },
  },
  parents,
});
const outline = (nodes: readonly TraceNode[]): unknown[] =>
  nodes.map(({ ref, children }) => (children.length === 0 ? ref : [ref, ...outline(children)]));

describe('what happened for one item of a loop', () => {
  it('stands under the loop, whose items leave no entries of their own', () => {
    const roots = assemble([
      placed('run:r', 1),
      placed('run:r/block', 2, 'run:r'),
      placed('run:r/block[0].block', 3, 'run:r/block[0]', 'run:r/block', 'run:r'),
      placed('run:r/block[1].block', 4, 'run:r/block[1]', 'run:r/block', 'run:r'),
    ]);
    expect(outline(roots)).toEqual([['run:r', ['run:r/block', 'run:r/block[0].block', 'run:r/block[1].block']]]);
  });

  it('stands under the nearest block that is there, or the run', () => {
    const roots = assemble([
      placed('run:r', 1),
      placed('run:r/attempt', 2, 'run:r'),
      placed('effect:e', 3, 'run:r/attempt[2].gone.step'),
      placed('effect:f', 4, 'run:r/other[2].gone'),
    ]);
    expect(outline(roots)).toEqual([['run:r', ['run:r/attempt', 'effect:e'], 'effect:f']]);
  });
});

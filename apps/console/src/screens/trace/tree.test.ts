import type { TraceNode } from '@counterpoint/contracts';
import { describe, expect, it } from 'vitest';
import { closedAtFirst, countKinds, lineAbove, linesOf, moveOf, wayTo, without } from './tree.ts';

let clock = 0;
const node = (ref: string, ...children: TraceNode[]): TraceNode => ({
  ...{ ref, kind: ref.slice(0, ref.indexOf(':')), title: ref, words: ref, because: '', status: '', at: clock++ },
  ...{ until: null, simulated: false, detail: null, children, more: 0 },
});

const story = [
  node('alert:a', node('event:e', node('run:r', node('step:s', node('claim:c', node('effect:f'))), node('step:t')))),
  node('case:k'),
];
const refs = (roots: readonly TraceNode[], closed: readonly string[] = []) =>
  linesOf(roots, new Set(closed)).map(({ node: { ref }, depth }) => `${' '.repeat(depth)}${ref}`);

describe('the tree of a trace', () => {
  it('is shown from the first cause down', () => {
    expect(refs(story)).toEqual([
      'alert:a',
      ' event:e',
      '  run:r',
      '   step:s',
      '    claim:c',
      '     effect:f',
      '   step:t',
      'case:k',
    ]);
  });

  it('folds away what is closed', () => {
    expect(refs(story, ['run:r'])).toEqual(['alert:a', ' event:e', '  run:r', 'case:k']);
    const [, , run] = linesOf(story, new Set(['run:r']));
    expect(run).toMatchObject({ open: false, branches: true });
  });

  it('draws a rail where something goes on below', () => {
    const lines = linesOf(story, new Set());
    expect(lines.map(({ rails }) => rails.map(Number).join(''))).toEqual([
      '',
      '1',
      '10',
      '100',
      '1001',
      '10010',
      '100',
      '',
    ]);
    expect(lines.at(-1)).toMatchObject({ last: true, position: 2, siblings: 2 });
  });

  it('moves what stands below a kind that is left out up to the nearest one that is shown', () => {
    expect(refs(without(story, new Set(['claim', 'event'])))).toEqual([
      'alert:a',
      ' run:r',
      '  step:s',
      '   effect:f',
      '  step:t',
      'case:k',
    ]);
    expect(refs(without(story, new Set(['case']), ({ ref }) => ref === 'case:k')).at(-1)).toBe('case:k');
  });

  it('counts kinds and finds the way to a node', () => {
    expect(countKinds(story).get('step')).toBe(2);
    expect(wayTo(story, 'step:t')).toEqual(['alert:a', 'event:e', 'run:r', 'step:t']);
    expect(wayTo(story, 'step:x')).toEqual([]);
  });

  it('is open as a whole when it is small; else only at the top and towards what was asked for', () => {
    expect(closedAtFirst(story, '').size).toBe(0);
    const many = Array.from({ length: 200 }, (_, at) => node(`step:${at}`, node(`effect:${at}`)));
    const large = [node('alert:x', node('event:y', node('run:z', ...many)))];
    const closed = closedAtFirst(large, 'effect:7');
    expect(closed.has('step:6')).toBe(true);
    expect(closed.has('step:7')).toBe(false);
    expect(closed.has('run:z')).toBe(false);
  });
});

describe('keys on the tree', () => {
  const lines = linesOf(story, new Set(['step:s']));

  it('go up and down, and stay inside', () => {
    expect(moveOf(lines, 0, 'ArrowDown')).toEqual({ to: 1 });
    expect(moveOf(lines, 0, 'ArrowUp')).toEqual({ to: 0 });
    expect(moveOf(lines, 2, 'End')).toEqual({ to: lines.length - 1 });
  });

  it('open and close, and go in and out', () => {
    expect(moveOf(lines, 3, 'ArrowRight')).toEqual({ open: 'step:s' });
    expect(moveOf(lines, 2, 'ArrowRight')).toEqual({ to: 3 });
    expect(moveOf(lines, 2, 'ArrowLeft')).toEqual({ close: 'run:r' });
    expect(moveOf(lines, 4, 'ArrowLeft')).toEqual({ to: 2 });
    expect(lineAbove(lines, 4)).toBe(2);
    expect(moveOf(lines, lines.length - 1, 'ArrowLeft')).toBeUndefined();
    expect(moveOf(lines, 4, 'x')).toBeUndefined();
  });
});

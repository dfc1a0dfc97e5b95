import { stripVTControlCharacters } from 'node:util';
import type { TraceNode } from '@counterpoint/contracts';
import { describe, expect, it } from 'vitest';
import { filterTrace, renderTrace } from './trace-view.ts';

const node = (kind: string, ...children: TraceNode[]): TraceNode => ({
  ...{ ref: kind, kind, title: kind, status: '', at: 1, until: null, simulated: false, detail: null },
  ...{ words: kind, because: '', more: 0 },
  children,
});
const outline = (nodes: readonly TraceNode[]): unknown =>
  nodes.map(({ kind, children }) => (children.length === 0 ? kind : [kind, outline(children)]));

const story = [node('event', node('run', node('step', node('effect', node('claim'))), node('event')))];

describe('a filtered trace', () => {
  it('keeps what is asked for, under the nearest thing that is kept too', () => {
    expect(outline(filterTrace(story, { only: ['event', 'effect'] }))).toEqual([['event', ['effect', 'event']]]);
    expect(outline(filterTrace(story, { only: ['effect'] }))).toEqual(['effect']);
  });

  it('goes as deep as asked, counting what is shown', () => {
    expect(outline(filterTrace(story, { depth: 2 }))).toEqual([['event', ['run']]]);
    expect(outline(filterTrace(story, { depth: 1, only: ['effect'] }))).toEqual(['effect']);
  });

  it('is whole without a filter', () => {
    expect(filterTrace(story, {})).toEqual(story);
  });
});

describe('a shown trace', () => {
  it('says why a reaction was refused or is held', () => {
    const refused = { ...node('reaction'), status: 'refused', detail: { reason: 'untrusted' } };
    const ran = { ...node('reaction'), status: 'succeeded', detail: { reason: '' } };
    const [, first = '', second = ''] = renderTrace('t', [refused, ran]).map(stripVTControlCharacters);
    expect(first).toMatch(/refused {2}\(untrusted\)$/);
    expect(second).toMatch(/succeeded$/);
  });
});

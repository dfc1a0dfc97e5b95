import { describe, expect, it } from 'vitest';
import { lookOf, placeOfNode, statusOf, toneOf } from './node-looks.ts';

const node = (kind: string, status: string, until: number | null = null) => ({ kind, status, until });

describe('how nodes of a trace look', () => {
  it('is silent about what is as it should be', () => {
    expect(statusOf(node('step', 'succeeded'))).toBeUndefined();
    expect(statusOf(node('event', 'delivered'))).toBeUndefined();
    expect(statusOf(node('event', 'dead'))).toMatchObject({ tone: 'bad' });
    expect(statusOf(node('step', 'failed'))).toMatchObject({ word: 'failed' });
  });

  it('tells a change that stands from one of which nothing lasts', () => {
    expect(statusOf(node('effect', 'performed'))).toMatchObject({ word: 'in force' });
    expect(statusOf(node('effect', 'performed', 5))).toMatchObject({ word: 'done' });
    expect(toneOf(node('effect', 'unknown'))).toBe('bad');
  });

  it('knows kinds that it never heard of by their own name', () => {
    expect(lookOf('comet')).toMatchObject({ one: 'comet' });
  });

  it('leads to the screen of what a node is about', () => {
    expect(placeOfNode({ ref: 'claim:c', kind: 'claim', detail: { effect: 'e' } })).toBe('effect:e');
    expect(placeOfNode({ ref: 'entry:x', kind: 'entry', detail: { case: 'k' } })).toBe('case:k');
    expect(placeOfNode({ ref: 'reaction_event:x', kind: 'reaction', detail: { reaction: 'r' } })).toBe('reaction:r');
    expect(placeOfNode({ ref: 'run:1', kind: 'reaction', detail: null })).toBe('run:1');
    expect(placeOfNode({ ref: 'run:1/a', kind: 'step', detail: [] })).toBe('run:1/a');
    expect(placeOfNode({ ref: 'event:1', kind: 'event', detail: null })).toBeUndefined();
    expect(placeOfNode({ ref: 'decision:1', kind: 'decision', detail: { alert: null } })).toBeUndefined();
  });
});

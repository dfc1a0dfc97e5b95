import { describe, expect, it } from 'vitest';
import { overlayOf, type StepSummary } from './overlay.ts';

const summary = (over: Partial<StepSummary>): StepSummary => ({
  step: 'a',
  counts: { succeeded: 1 },
  total: 1,
  started_at: 100,
  ended_at: 350,
  shortest: 250,
  longest: 250,
  attempts: 1,
  rounds: null,
  taken: [],
  address: 'a',
  waits_for: null,
  error_code: null,
  ...over,
});
const only = (over: Partial<StepSummary>) => overlayOf([summary(over)], 1_000).get('a');

describe('what a run lays over the canvas', () => {
  it('stands at the place of the step, whatever the round', () => {
    expect([...overlayOf([summary({ address: 'each[3].inner[0].rep' })], 0).keys()]).toEqual(['each.inner.rep']);
  });

  it('shows what most wants to be looked at', () => {
    expect(only({})).toMatchObject({ state: 'succeeded', duration: 250 });
    expect(only({ counts: { succeeded: 9, failed: 1 }, total: 10 })).toMatchObject({
      state: 'failed',
      count: 10,
      failed: 1,
    });
    expect(only({ counts: { failed: 1, unknown: 1 }, total: 2 })?.state).toBe('unknown');
    expect(only({ counts: {} })?.state).toBe('running');
  });

  it('tells waiting for people from other waiting', () => {
    expect(only({ counts: { waiting: 1 }, waits_for: 'people' })?.state).toBe('held');
    expect(only({ counts: { waiting: 1 }, waits_for: 'time' })).toMatchObject({
      state: 'waiting',
      note: 'waits for a moment',
    });
  });

  it('counts rounds, and the time of what still goes on', () => {
    const rounds = { total: 10, ended: 4, failed: 1 };
    expect(only({ counts: { running: 1 }, ended_at: null, longest: null, rounds })).toMatchObject({
      state: 'running',
      duration: 900,
      count: 4,
      failed: 1,
      note: '4 of 10 items',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { factsOf } from './node-facts.ts';

describe('the facts of a step in a trace', () => {
  it('are in its detail, in order', () => {
    const detail = [
      { kind: 'step_started', at: 5, data: { attempt: 1 } },
      { kind: 'step_timed_out', at: 9, data: null },
    ];
    expect(factsOf({ kind: 'step', detail })).toEqual([
      { seq: 0, kind: 'step_started', at: 5, data: { attempt: 1 } },
      { seq: 1, kind: 'step_timed_out', at: 9, data: {} },
    ]);
  });

  it('are none where the detail is something else', () => {
    expect(factsOf({ kind: 'step', detail: [] })).toBeUndefined();
    expect(factsOf({ kind: 'step', detail: [{ kind: 'step_started' }] })).toBeUndefined();
    expect(factsOf({ kind: 'step', detail: { left_out: true } })).toBeUndefined();
    expect(factsOf({ kind: 'alert', detail: [{ kind: 'x', at: 1 }] })).toBeUndefined();
  });
});

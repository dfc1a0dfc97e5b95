import { describe, expect, it } from 'vitest';
import { resultOf } from './result.ts';

const step = (output: unknown) => ({
  kind: 'step',
  detail: [
    { kind: 'step_started', data: {} },
    { kind: 'step_ended', data: { status: 'succeeded', output } },
  ] as never,
});

describe('what came out of a step', () => {
  it('is its first short values', () => {
    const output = {
      score: 100,
      seen_before: true,
      case_id: 'x',
      nested: {},
      long: 'x'.repeat(41),
      last: 'a',
      more: 1,
    };
    expect(resultOf(step(output))).toBe('score 100 · seen before yes · last a');
  });

  it('is nothing where there is none to show', () => {
    expect(resultOf(step(null))).toBe('');
    expect(resultOf(step([1]))).toBe('');
    expect(resultOf({ kind: 'step', detail: null })).toBe('');
    expect(resultOf({ kind: 'run', detail: [] })).toBe('');
    expect(resultOf({ kind: 'step', detail: [{ kind: 'step_ended', data: { left_out: true } }] })).toBe('');
  });
});

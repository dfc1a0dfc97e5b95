import { describe, expect, it } from 'vitest';
import { readUrl } from '../../../ui/url-fields.ts';
import { listState } from './list-state.ts';
import { canReplay, replayFilter } from './replay-filter.ts';

const state = (fields: Record<string, unknown>) => readUrl(listState, fields);

describe('a replay of the runs of a list', () => {
  it('means playbook, state, error and time', () => {
    const narrowed = state({ playbook: 'p', status: 'failed', q: 'connector.timeout', span: 'day' });
    expect(canReplay(narrowed)).toBe(true);
    expect(replayFilter(narrowed, 90_000_000)).toEqual({
      playbook: 'p',
      status: 'failed',
      error_code: 'connector.timeout',
      since: 3_600_000,
    });
  });

  it.each([
    { q: 'brute' },
    { observable: '203.0.113.7' },
    { case: 'c' },
    { alert: 'a' },
    { trigger: 'alert' },
    { status: 'failed,cancelled' },
    { status: 'running' },
  ])('is refused for what it cannot mean: %j', (fields) => {
    expect(canReplay(state(fields))).toBe(false);
  });
});

import { CounterpointError } from '@counterpoint/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSaver, SAVE_WAIT, type Saved, type SaveState } from './saver.ts';

function refusal(code: string, retryable: boolean): Error {
  return new CounterpointError(code, { status: 409, message: 'No.', help: 'Wait.', retryable }, {}, {});
}

function aSaver(answers: readonly (number | Error)[]) {
  const sent: [string, number][] = [];
  const states: SaveState['kind'][] = [];
  const saver = createSaver({
    first: { rev: 3, source: 'old' },
    async save(source, rev): Promise<Saved> {
      const answer = answers[sent.length] ?? 99;
      sent.push([source, rev]);
      if (answer instanceof Error) throw answer;
      return { rev: answer, source };
    },
    onState: (state) => states.push(state.kind),
  });
  return { saver, sent, states };
}

describe('saving a draft', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('waits for a pause and sends the newest text upon the revision that was read', async () => {
    const { saver, sent, states } = aSaver([4]);
    saver.changed('new');
    saver.changed('newer');
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(SAVE_WAIT);
    expect(sent).toEqual([['newer', 3]]);
    expect(states.at(-1)).toBe('saved');
    expect(saver.saved()).toEqual({ rev: 4, source: 'newer' });
  });

  test('what is typed while it saves is saved next, upon the new revision', async () => {
    const { saver, sent } = aSaver([4, 5]);
    saver.changed('new');
    const first = saver.flush();
    saver.changed('newer');
    await first;
    await vi.advanceTimersByTimeAsync(SAVE_WAIT);
    expect(sent).toEqual([
      ['new', 3],
      ['newer', 4],
    ]);
  });

  test('a text that is as it was needs no save', async () => {
    const { saver, sent, states } = aSaver([4]);
    saver.changed('new');
    saver.changed('old');
    await vi.advanceTimersByTimeAsync(SAVE_WAIT * 2);
    expect(sent).toEqual([]);
    expect(states.at(-1)).toBe('saved');
  });

  test('a draft that somebody else saved stops it until the changes are brought together', async () => {
    const { saver, sent, states } = aSaver([refusal('engine.draft_changed', false), 8]);
    saver.changed('mine');
    await saver.flush();
    saver.changed('mine too');
    await vi.advanceTimersByTimeAsync(SAVE_WAIT * 10);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe('conflict');
    saver.adopt({ rev: 7, source: 'theirs' });
    saver.changed('both');
    await saver.flush();
    expect(sent.at(-1)).toEqual(['both', 7]);
    expect(states.at(-1)).toBe('saved');
  });

  test('trouble that passes is tried again by itself, more and more patiently', async () => {
    const { saver, sent, states } = aSaver([refusal('sdk.unreachable', true), refusal('sdk.unreachable', true), 4]);
    saver.changed('new');
    await saver.flush();
    expect(states.at(-1)).toBe('trouble');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(sent).toHaveLength(3);
    expect(states.at(-1)).toBe('saved');
  });

  test('what is refused for good is not tried again before the next change', async () => {
    const { saver, sent } = aSaver([refusal('identity.forbidden', false), 4]);
    saver.changed('new');
    await saver.flush();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sent).toHaveLength(1);
    saver.changed('newer');
    await vi.advanceTimersByTimeAsync(SAVE_WAIT);
    expect(sent).toHaveLength(2);
  });
});

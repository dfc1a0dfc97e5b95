import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLatest } from './latest.ts';

describe('asking about the newest text', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function asking() {
    const asked: string[] = [];
    const told: string[] = [];
    const release: (() => void)[] = [];
    const latest = createLatest<string, string>({
      wait: () => 200,
      ask: (input) => {
        asked.push(input);
        return new Promise((resolve) => release.push(() => resolve(input.toUpperCase())));
      },
      onAnswer: (answer) => told.push(answer),
      onError: () => told.push('error'),
      worthAgain: () => true,
    });
    return { latest, asked, told, release };
  }

  test('asks once after a pause', async () => {
    const { latest, asked, told, release } = asking();
    latest.soon('a');
    latest.soon('ab');
    await vi.advanceTimersByTimeAsync(200);
    release[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect([asked, told]).toEqual([['ab'], ['AB']]);
  });

  test('never has two questions under way, and drops the answer to the older one', async () => {
    const { latest, asked, told, release } = asking();
    latest.now('a');
    await vi.advanceTimersByTimeAsync(0);
    latest.now('b');
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toEqual(['a']);
    release[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect([asked, told]).toEqual([['a', 'b'], []]);
    release[1]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(['B']);
  });

  test('asks again by itself after an answer that did not come, unless there is something newer to ask', async () => {
    const asked: string[] = [];
    const latest = createLatest<string, string>({
      wait: () => 200,
      ask: async (input) => {
        asked.push(input);
        if (asked.length < 3) throw new Error('away');
        return input;
      },
      onAnswer: () => undefined,
      onError: () => undefined,
      worthAgain: () => true,
    });
    latest.now('a');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toEqual(['a', 'a']);
    latest.soon('ab');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(['a', 'a', 'ab']);
  });

  test('tells nothing after it was stopped', async () => {
    const { latest, told, release } = asking();
    latest.now('a');
    await vi.advanceTimersByTimeAsync(0);
    latest.stop();
    release[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([]);
  });
});

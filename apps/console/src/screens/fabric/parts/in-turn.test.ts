import { describe, expect, it } from 'vitest';
import { inTurn } from './in-turn.ts';

describe('doing something with several things', () => {
  it('does it with each once, no more than a few at a time', async () => {
    let busy = 0;
    let most = 0;
    const done: number[] = [];
    await inTurn([...Array(20).keys()], async (item) => {
      busy += 1;
      most = Math.max(most, busy);
      await Promise.resolve();
      busy -= 1;
      done.push(item);
    });
    expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    expect(most).toBe(4);
  });

  it('stops at the first failure', async () => {
    const tried: number[] = [];
    const failing = inTurn(
      [1, 2, 3, 4, 5, 6],
      async (item) => {
        tried.push(item);
        if (item === 2) throw new Error('no');
      },
      1,
    );
    await expect(failing).rejects.toThrow('no');
    expect(tried).toEqual([1, 2]);
  });
});

import { manualClock } from '@counterpoint/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemory, type Memory } from './memory.ts';

let clock: ReturnType<typeof manualClock>;
let memory: Memory;
let reads: number;
beforeEach(() => {
  clock = manualClock(0);
  memory = createMemory(clock);
  reads = 0;
});

/** Reads something that takes so many milliseconds. */
const look = (takes: number) =>
  memory('it', async () => {
    reads += 1;
    clock.advance(takes);
    return reads;
  });

describe('what the overview remembers', () => {
  it('is what was read a quarter of a second ago, not longer', async () => {
    expect(await look(2)).toBe(1);
    clock.advance(240);
    expect(await look(2)).toBe(1);
    clock.advance(10);
    expect(await look(2)).toBe(2);
  });

  it('is kept twenty times as long as reading it took, but never over fifteen seconds', async () => {
    await look(100);
    clock.advance(1_899);
    expect(await look(100)).toBe(1);
    clock.advance(1);
    expect(await look(2_000)).toBe(2);
    clock.advance(12_999);
    expect(await look(1)).toBe(2);
    clock.advance(1);
    expect(await look(1)).toBe(3);
  });

  it('is read once for all who ask at the same time', async () => {
    expect(await Promise.all([look(1), look(1), look(1)])).toEqual([1, 1, 1]);
  });

  it('is not a failure', async () => {
    await expect(memory('it', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await look(1)).toBe(1);
  });
});

import { manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { watchProcesses } from './watch-processes.ts';

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function range() {
  const store = createMemoryStore();
  const clock = manualClock(1_760_000_000_000);
  const gone: string[] = [];
  const watch = (node: string, mentioned: readonly string[]) =>
    watchProcesses({ store, clock, node, mentioned: () => mentioned, onGone: async (one) => void gone.push(one) });
  const pass = async (millis: number) => {
    for (let passed = 0; passed < millis; passed += 1_000) {
      clock.advance(1_000);
      await settled();
    }
  };
  return { store, clock, gone, watch, pass };
}

describe('processes that share a store', () => {
  it('count as there as long as they show signs, whatever the clocks say', async () => {
    const { clock, gone, watch, pass } = range();
    watch('one', ['one', 'two']);
    watch('two', []);
    await pass(60_000);
    clock.step(3_600_000);
    await pass(30_000);
    expect(gone).toEqual([]);
  });

  it('are gone some time after the last sign, and only once', async () => {
    const { store, gone, watch, pass } = range();
    const nodes = ['one', 'two'];
    watch('one', nodes);
    const stop = watch('two', []);
    await pass(10_000);
    await stop();
    expect(await store.get('duties', 'process:two')).toBeUndefined();
    await pass(10_000);
    expect(gone).toEqual([]);
    await pass(20_000);
    nodes.pop();
    await pass(60_000);
    expect(gone).toEqual(['two']);
  });
});

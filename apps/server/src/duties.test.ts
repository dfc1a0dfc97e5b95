import { manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { keepDuties } from './duties.ts';
import type { Logger } from './logging.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as Logger;
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

function createProcesses() {
  const store = createMemoryStore();
  const clock = manualClock();
  const doing: string[] = [];
  const start = async (worker: string, own: Store = store) => {
    const duty = {
      name: 'outbox',
      begin: async () => {
        doing.push(worker);
        return () => void doing.splice(doing.indexOf(worker), 1);
      },
    };
    return keepDuties({ store: own, clock, log, worker, alone: false }, [duty]);
  };
  const pass = async (seconds: number) => {
    for (let tick = 0; tick < seconds * 4; tick++) {
      clock.advance(250);
      await settled();
    }
  };
  return { store, clock, doing, start, pass };
}

describe('duties', () => {
  it('are done by one process at a time, and handed over when it stops', async () => {
    const { doing, start, pass } = createProcesses();
    const stop = await start('one');
    await start('two');
    await pass(30);
    expect(doing).toEqual(['one']);
    await stop();
    expect(doing).toEqual([]);
    await pass(1);
    expect(doing).toEqual(['two']);
  });

  it('are taken over within ten seconds of the death of their owner, who stops as soon as it is back', async () => {
    const { store, doing, start, pass } = createProcesses();
    let dead = false;
    let revive = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (revive = resolve));
    const mortal: Store = {
      ...store,
      commit: async (change) => {
        if (dead) await asleep;
        await store.commit(change);
      },
    };
    await start('one', mortal);
    await start('two');
    await pass(5);
    dead = true;
    await pass(10);
    expect(doing).toEqual(['one', 'two']);
    revive();
    await pass(2);
    expect(doing).toEqual(['two']);
  });

  it('stay with an owner that is alive although the clock is set', async () => {
    const { clock, doing, start, pass } = createProcesses();
    await start('one');
    await start('two');
    for (const jump of [3_600_000, -7_200_000, 3_600_000]) {
      clock.step(jump);
      await pass(10);
    }
    expect(doing).toEqual(['one']);
  });

  it('are all begun at once, and nothing is written, by a process that is alone', async () => {
    const store = createMemoryStore();
    const doing: string[] = [];
    const begin = async () => {
      doing.push('outbox');
      return () => void doing.pop();
    };
    const options = { store, clock: manualClock(), log, worker: 'one', alone: true };
    const stop = await keepDuties(options, [{ name: 'outbox', begin }]);
    expect(doing).toEqual(['outbox']);
    await stop();
    expect(doing).toEqual([]);
    expect(await store.count('duties')).toBe(0);
  });
});

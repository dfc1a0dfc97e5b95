import { createRelay, openEmbeddedLog } from '@counterpoint/bus';
import { newEvent } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { rewindable } from './rewindable.ts';

const causality = { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 };

describe('a rewindable log', () => {
  it('gives a consumer at work its events again, and lets it go on and stop', async () => {
    const store = createMemoryStore();
    const onError = (error: unknown) => {
      throw error;
    };
    const inner = await openEmbeddedLog({ store, alone: true, onError });
    const relay = createRelay({ store, target: inner, alone: true, onError });
    await relay.start();
    const log = rewindable(inner);
    const heard: number[] = [];
    const consumption = await log.consume({
      name: 'c',
      topics: ['>'],
      start: 'first',
      handle: async ({ event }) => void heard.push((event.data as { n: number }).n),
    });
    const say = (n: number) => log.append([newEvent('a.b.v1', 's', { n }, causality, Date.now())]);
    await say(1);
    await say(2);
    await consumption.drain();
    expect(heard).toEqual([1, 2]);
    await log.rewind('c', 'first');
    await say(3);
    await consumption.drain();
    expect(heard).toEqual([1, 2, 1, 2, 3]);
    await consumption.stop();
    await log.rewind('c', 'first');
    expect((await log.standings())[0]?.position).toBe(0);
    await relay.stop();
    await log.close();
  });
});

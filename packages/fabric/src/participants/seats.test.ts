import { systemClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createSeats, type Seats } from './seats.ts';

const open: Seats[] = [];
afterEach(() => {
  for (const seats of open.splice(0)) seats.close();
});

async function process(store: Store, node: string): Promise<Seats> {
  const row = { id: `process:${node}`, owner: node, until: 1, rev: 1 };
  await store.commit({ rows: [{ op: 'insert', table: 'duties', row }] });
  const seats = createSeats({ store, clock: systemClock, node });
  open.push(seats);
  return seats;
}

const nothing = async () => {};

describe('the seat of a reader', () => {
  it('is given up for the process that wants it, once what is under way there has ended', async () => {
    const store = createMemoryStore();
    const [one, two] = [await process(store, 'one'), await process(store, 'two')];
    const told: string[] = [];
    const letGo = await one.take('a', async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      told.push('one has finished');
    });
    await two.take('b', nothing);
    await two.take('a', nothing).then(() => told.push('two has it'));
    expect(told).toEqual(['one has finished', 'two has it']);
    // What it let go of is no longer its to give back.
    await letGo();
    expect(await store.get('duties', 'reader:a')).toMatchObject({ owner: 'two' });
  });

  it('is one for all who want it at the same moment', async () => {
    const store = createMemoryStore();
    const all = await Promise.all(['one', 'two', 'three'].map((node) => process(store, node)));
    let reading = 0;
    let most = 0;
    await Promise.all(
      all.map(async (seats) => {
        const letGo = await seats.take('a', () => new Promise(() => undefined));
        reading += 1;
        most = Math.max(most, reading);
        await new Promise((resolve) => setTimeout(resolve, 20));
        reading -= 1;
        await letGo();
      }),
    );
    expect(most).toBe(1);
    expect(await store.get('duties', 'reader:a')).toBeUndefined();
  });

  it('is free when the process that had it is gone', async () => {
    const store = createMemoryStore();
    const [one, two] = [await process(store, 'one'), await process(store, 'two')];
    await one.take('a', nothing);
    one.close();
    await store.commit({ rows: [{ op: 'delete', table: 'duties', id: 'process:one' }] });
    await two.take('a', nothing);
    expect(await store.get('duties', 'reader:a')).toMatchObject({ owner: 'two' });
  });
});

import { manualClock } from '@counterpoint/core';
import { newEvent, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOutgoing, type Outgoing, referencesOf } from './outgoing.ts';

const causality = { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 };
const event = (topic = 'seen.v1') => newEvent(topic, 's', {}, causality, 1);

let inner: Store;
let outgoing: Outgoing;
let store: Store;

beforeEach(() => {
  inner = createMemoryStore();
  outgoing = createOutgoing(manualClock());
  store = outgoing.wrap(inner);
});
const lines = () => inner.find('edge_outgoing', { orderBy: [{ column: 'changes' }] });

describe('what an edge node is to bring home', () => {
  it('is noted in the commit that brings it about, and not when that was refused', async () => {
    const one = event();
    let heard = 0;
    outgoing.onNew(() => {
      heard += 1;
    });
    await store.commit({ events: [one] });
    expect(await lines()).toMatchObject([{ table_name: 'outbox', row: one.id }]);
    await expect(store.commit({ events: [one] })).rejects.toThrow();
    expect(heard).toBe(1);
    const [line] = await lines();
    expect(line && outgoing.isSettled(line)).toBe(true);
  });

  it('is not what the centre sent, and nothing else of the store', async () => {
    await inner.commit({ events: [event()] });
    await store.commit({ rows: [{ op: 'put', table: 'settings', row: { id: 'x', value: 1, rev: 1 } }] });
    await store.commit({ events: [event('inbox.changed.v1'), event('fabric.storm.v1')] });
    expect(await lines()).toEqual([]);
  });

  it('is sent again when it changes while it is sent', async () => {
    const one = event();
    await store.commit({ events: [one] });
    const [before] = await lines();
    const row = { id: one.id };
    await store.commit({ rows: [{ op: 'put', table: 'effects', row: { ...row } as never }] });
    const [, effect] = await lines();
    await store.commit({ rows: [{ op: 'put', table: 'effects', row: { ...row } as never }] });
    expect(before && outgoing.isSettled(before)).toBe(true);
    expect(effect && outgoing.isSettled(effect)).toBe(false);
    const [, again] = await lines();
    expect(again && outgoing.isSettled(again)).toBe(true);
  });

  it('is a run once it has ended', () => {
    const set = { status: 'succeeded' } as const;
    const advance = { op: 'advance', id: 'r', epoch: 1, seq: 1, to: 2 } as const;
    expect(referencesOf({ runs: [{ ...advance, set }] })).toEqual([{ table: 'runs', row: 'r' }]);
    expect(referencesOf({ runs: [{ ...advance, set: { status: 'waiting' } }] })).toEqual([]);
    expect(referencesOf({ runs: [{ ...advance, set: {} }] })).toEqual([]);
  });
});

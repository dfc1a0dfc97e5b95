import { manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import type { Logger } from './logging.ts';
import { watchOthers } from './watch-others.ts';

const log = { warn: () => undefined } as unknown as Logger;

describe('watchOthers', () => {
  it('notices what another process publishes, also when the clock of its machine is slow', async () => {
    const store = createMemoryStore();
    const clock = manualClock();
    const told: string[] = [];
    const noticed = { playbooks: () => void told.push('playbooks'), connections: () => void told.push('connections') };
    const row = { kind: 'playbook', title: '', current: 'one', enabled: true, updated_at: 1_000, rev: 1 } as const;
    const rows = ['a', 'b'].map((id) => ({ op: 'insert', table: 'playbooks', row: { ...row, id } }) as const);
    await store.commit({ rows });
    const pass = async () => {
      clock.advance(1_000);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      return told.splice(0);
    };
    const stop = watchOthers({ store, clock, log }, noticed);
    expect((await pass()).toSorted()).toEqual(['connections', 'playbooks']);
    expect(await pass()).toEqual([]);
    const slow = { ...row, id: 'b', current: 'two', updated_at: 500, rev: 2 };
    await store.commit({ rows: [{ op: 'update', table: 'playbooks', row: slow }] });
    expect(await pass()).toEqual(['playbooks']);
    stop();
    await store.commit({ rows: [{ op: 'update', table: 'playbooks', row: { ...slow, rev: 3 } }] });
    expect(await pass()).toEqual([]);
  });

  it('does again with the next look what failed', async () => {
    const store = createMemoryStore();
    const clock = manualClock();
    let failing = true;
    let learned = 0;
    const learn = async () => {
      if (failing) throw new Error('the store is away');
      learned += 1;
    };
    const noticed = { playbooks: () => undefined, connections: () => undefined, secrets: learn };
    const pass = async () => {
      clock.advance(1_000);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      return learned;
    };
    const stop = watchOthers({ store, clock, log }, noticed);
    expect(await pass()).toBe(0);
    failing = false;
    expect(await pass()).toBe(1);
    expect(await pass()).toBe(1);
    stop();
  });

  it('looks at once at what it is told of, together with what else is told meanwhile', async () => {
    const store = createMemoryStore();
    const clock = manualClock();
    const told: string[] = [];
    let tell: (tables: readonly string[]) => void = () => {};
    const hear = (listener: typeof tell) => {
      tell = listener;
      return () => void told.push('stopped');
    };
    const noticed = { playbooks: () => void told.push('playbooks'), connections: () => void told.push('connections') };
    const stop = watchOthers({ store, clock, log }, noticed, hear);
    const settle = async (millis: number) => {
      clock.advance(millis);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      return told.splice(0);
    };
    await settle(1_000);
    const row = { id: 'a', kind: 'playbook', title: '', current: 'one', enabled: true, updated_at: 1, rev: 1 } as const;
    await store.commit({ rows: [{ op: 'insert', table: 'playbooks', row }] });
    for (let time = 0; time < 10; time++) tell(['playbooks', 'people']);
    expect(await settle(50)).toEqual(['playbooks']);
    stop();
    expect(await settle(2_000)).toEqual(['stopped']);
  });
});

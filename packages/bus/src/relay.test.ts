import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ManualClock, manualClock } from '@counterpoint/core';
import { type EventConsumer, type EventEnvelope, eventErrors, type OutboxRow, type Store } from '@counterpoint/events';
import { openSqliteStore } from '@counterpoint/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLog } from './embedded/log.ts';
import { createRelay, type Relay, type RelayOptions } from './relay.ts';
import { labelled, labelOf } from './testing/events.ts';

let directory: string;
let store: Store;
let clock: ManualClock;
let ends: (() => Promise<void>)[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'counterpoint-relay-'));
  store = await openSqliteStore({ directory });
  clock = manualClock();
  ends = [];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  await store.close();
  rmSync(directory, { recursive: true });
});

const publish = (...events: EventEnvelope[]) => store.commit({ events });
const rows = () => store.find('outbox', { orderBy: [{ column: 'position' }], limit: 1_000 });
const states = async () => (await rows()).map(({ state }) => state);

/** A log with its relay, and what a consumer of everything hears. */
async function rig(on: Store = store, given: Partial<RelayOptions> = {}, consumer: Partial<EventConsumer> = {}) {
  const heard: string[] = [];
  const problems: unknown[] = [];
  const onError = (error: unknown) => void problems.push(error);
  const log = await openEmbeddedLog({ store: on, alone: true, clock, onError });
  const relay: Relay = createRelay({ store: on, target: log, alone: true, clock, onError, ...given });
  const handle = async (logged: Parameters<typeof labelOf>[0]) => void heard.push(labelOf(logged));
  const consumption = await log.consume({ name: 'one', topics: ['>'], start: 'first', handle, ...consumer });
  await relay.start();
  ends.push(async () => {
    await log.close();
    await relay.stop();
  });
  return { log, relay, consumption, heard, problems };
}

describe('relay', () => {
  it('brings what was committed before and after it began, marked at growing positions', async () => {
    await publish(labelled('a'), labelled('b'));
    const { relay, consumption, heard } = await rig();
    await publish(labelled('c'));
    await relay.drain();
    await consumption.drain();
    expect(heard).toEqual(['a', 'b', 'c']);
    expect((await rows()).map(({ state, position }) => [state, position])).toEqual([
      ['delivered', 1],
      ['delivered', 2],
      ['delivered', 3],
    ]);
  });

  it('hands over what is committed without a look at the store', async () => {
    const reads: string[] = [];
    const find: Store['find'] = (table, query) => {
      reads.push(table);
      return store.find(table, query);
    };
    const watched: Store = { ...store, find };
    const { relay, consumption, heard } = await rig(watched);
    await relay.drain();
    reads.splice(0);
    await publish(labelled('a'), labelled('b'));
    await consumption.drain();
    expect([heard, reads]).toEqual([['a', 'b'], []]);
  });

  it('marks many events by few commits', async () => {
    const { relay } = await rig();
    await relay.drain();
    const sizes: number[] = [];
    store.onCommitted(({ rows: writes }) => {
      const marked = writes?.filter(({ table }) => table === 'outbox').length ?? 0;
      if (marked > 0) sizes.push(marked);
    });
    await Promise.all(Array.from({ length: 300 }, (_, n) => publish(labelled(`e${n}`))));
    await relay.drain();
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(300);
    expect(sizes.length).toBeLessThan(20);
  });

  it('takes up a backlog that is larger than what it reads at a time', async () => {
    const labels = Array.from({ length: 1_200 }, (_, n) => `e${n}`);
    for (let from = 0; from < labels.length; from += 100) {
      await publish(...labels.slice(from, from + 100).map((label) => labelled(label, 's')));
    }
    const { relay, consumption, heard } = await rig();
    await relay.drain();
    await consumption.drain();
    expect(heard).toEqual(labels);
    expect(new Set(await states())).toEqual(new Set(['delivered']));
  });

  it('gives positions that grow for ever, also after a restart and when nothing is left', async () => {
    const first = await rig();
    await publish(labelled('a'), labelled('b'));
    await first.relay.drain();
    await ends.pop()?.();
    await store.commit({ rows: (await rows()).map(({ id }) => ({ op: 'delete', table: 'outbox', id }) as const) });
    await store.close();
    store = await openSqliteStore({ directory });
    const second = await rig();
    await publish(labelled('c'));
    await second.relay.drain();
    expect((await rows()).map(({ position }) => position)).toEqual([3]);
    expect(second.heard).toEqual(['c']);
  });

  it('delivers again what was handed over and not marked when the process died', async () => {
    await publish(labelled('a'));
    const crashing: Store = { ...store, commit: () => new Promise(() => undefined) };
    await store.commit({ rows: [{ op: 'insert', table: 'consumers', row: aConsumer('one') }] });
    const log = await openEmbeddedLog({ store: crashing, alone: true, clock });
    const told = Promise.withResolvers<string>();
    const handle = async (logged: Parameters<typeof labelOf>[0]) => told.resolve(labelOf(logged));
    await log.consume({ name: 'one', topics: ['>'], handle });
    await createRelay({ store: crashing, target: log, alone: true, clock }).start();
    expect(await told.promise).toBe('a');
    await store.close();
    store = await openSqliteStore({ directory });
    const { heard, relay, consumption } = await rig();
    await relay.drain();
    await consumption.drain();
    expect(heard).toEqual(['a']);
    expect(await states()).toEqual(['delivered']);
  });

  it('goes on by itself after the store failed', async () => {
    let broken = false;
    const commit: Store['commit'] = (change) =>
      broken && change.rows ? Promise.reject(eventErrors.store_failed({ reason: 'no disk' })) : store.commit(change);
    const { relay, problems } = await rig({ ...store, commit });
    await relay.drain();
    broken = true;
    await publish(labelled('a'));
    await expect.poll(() => problems).not.toEqual([]);
    expect(await states()).toEqual(['pending']);
    broken = false;
    clock.advance(1_000);
    await relay.drain();
    expect(await states()).toEqual(['delivered']);
  });

  it('marks the rest when somebody else changed one of the rows', async () => {
    const meddled = labelled('meddled');
    let waiting = true;
    const commit: Store['commit'] = async (change) => {
      const marks = change.rows?.some((write) => write.table === 'outbox' && write.op === 'update');
      if (marks && waiting) {
        waiting = false;
        const row = (await store.get('outbox', meddled.id)) as OutboxRow;
        await store.commit({ rows: [{ op: 'update', table: 'outbox', row: { ...row, rev: 2, state: 'dead' } }] });
      }
      return store.commit(change);
    };
    const { relay } = await rig({ ...store, commit });
    await publish(meddled, labelled('b'));
    await relay.drain();
    expect((await states()).toSorted()).toEqual(['dead', 'delivered']);
    await publish(labelled('c'));
    await relay.drain();
    expect((await rows()).map(({ position }) => position)).toEqual([null, 2, 3]);
  });

  it('takes nothing more once it is stopped', async () => {
    const { log, relay, heard } = await rig();
    await relay.stop();
    await publish(labelled('a'));
    await relay.drain();
    await log.close();
    expect([heard, await states(), clock.pending]).toEqual([[], ['pending'], 0]);
  });

  it('brings it again when the log is away, in order', async () => {
    const brought: string[][] = [];
    let away = true;
    const target = {
      beginRelay: async () => undefined,
      async bring(some: readonly OutboxRow[]) {
        if (away) throw eventErrors.log_unavailable({ reason: 'away' });
        brought.push(some.map((row) => labelOf({ event: row.envelope as unknown as EventEnvelope })));
        await store.commit({
          rows: some.map((row) => ({
            op: 'update',
            table: 'outbox',
            row: { ...row, state: 'delivered', rev: row.rev + 1 },
          })),
        });
      },
      settled: async () => undefined,
      endRelay: async () => undefined,
    };
    const problems: unknown[] = [];
    const onError = (error: unknown) => void problems.push(error);
    const relay = createRelay({ store, target, alone: true, clock, onError });
    ends.push(() => relay.stop());
    await relay.start();
    await publish(labelled('a'));
    await publish(labelled('b'));
    await expect.poll(() => problems).not.toEqual([]);
    away = false;
    clock.advance(1_000);
    await relay.drain();
    expect(brought.flat()).toEqual(['a', 'b']);
    expect(await states()).toEqual(['delivered', 'delivered']);
  });
});

function aConsumer(id: string) {
  return { id, topics: ['>'], position: 0, updated_at: 0 };
}

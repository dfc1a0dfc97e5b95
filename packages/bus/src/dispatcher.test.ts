import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ManualClock, manualClock } from '@counterpoint/core';
import { type EventEnvelope, newEvent, type Store } from '@counterpoint/events';
import { openSqliteStore } from '@counterpoint/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Subscriber } from './delivery.ts';
import { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.ts';

let directory: string;
let store: Store;
let clock: ManualClock;
let dispatchers: Dispatcher[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'counterpoint-bus-'));
  store = await openSqliteStore({ directory });
  clock = manualClock();
  dispatchers = [];
});
afterEach(async () => {
  for (const dispatcher of dispatchers) await dispatcher.stop();
  await store.close();
  rmSync(directory, { recursive: true });
});

let sequence = 0;
function anEvent(subject: string, label: string = subject): EventEnvelope {
  sequence += 1;
  const causality = { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 };
  return newEvent('alert.created.v1', subject, { label }, causality, clock.now() + sequence);
}
const publish = (...events: EventEnvelope[]) => store.commit({ events });
const labelOf = (event: EventEnvelope) => (event.data as { label: string }).label;

/** A subscriber that writes down what it is told, and fails as told. */
function recorder(name: string, fail: (label: string, time: number) => boolean = () => false) {
  const heard: string[] = [];
  const times = new Map<string, number>();
  const subscriber: Subscriber = {
    name,
    async handle(event) {
      const label = labelOf(event);
      heard.push(label);
      times.set(label, (times.get(label) ?? 0) + 1);
      if (fail(label, times.get(label) ?? 0)) throw new Error(`cannot read ${label}`);
    },
  };
  return { heard, subscriber };
}

async function started(subscribers: readonly Subscriber[], options: Partial<DispatcherOptions> = {}) {
  const dispatcher = createDispatcher({ store, clock, subscribers, ...options });
  dispatchers.push(dispatcher);
  await dispatcher.start();
  return dispatcher;
}
const states = async () => (await store.find('outbox', { orderBy: [{ column: 'id' }] })).map((row) => row.state);

describe('dispatcher', () => {
  it('tells every subscriber of what was committed before and after it started, once', async () => {
    await publish(anEvent('a'), anEvent('b'));
    const [one, two] = [recorder('one'), recorder('two')];
    const dispatcher = await started([one.subscriber, two.subscriber]);
    await publish(anEvent('c'));
    await dispatcher.drain();
    expect(one.heard.toSorted()).toEqual(['a', 'b', 'c']);
    expect(two.heard.toSorted()).toEqual(['a', 'b', 'c']);
    expect(await states()).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('wakes by itself when a change with events is committed', async () => {
    const told = Promise.withResolvers<string>();
    await started([{ name: 'one', handle: async (event) => told.resolve(labelOf(event)) }]);
    await publish(anEvent('a'));
    expect(await told.promise).toBe('a');
  });

  it('hands over the envelope as it was published', async () => {
    const seen: EventEnvelope[] = [];
    const dispatcher = await started([{ name: 'one', handle: async (event) => void seen.push(event) }]);
    const event = anEvent('a\u0000b');
    await publish(event);
    await dispatcher.drain();
    expect(seen).toEqual([event]);
  });

  it('keeps the order of one subject, also when one of its events has to be tried again', async () => {
    const { heard, subscriber } = recorder('one', (label, time) => label === 'a2' && time < 3);
    const dispatcher = await started([subscriber]);
    await publish(anEvent('a', 'a1'), anEvent('a', 'a2'), anEvent('a', 'a3'), anEvent('b', 'b1'));
    await dispatcher.drain();
    await publish(anEvent('a', 'a4'), anEvent('b', 'b2'));
    await dispatcher.drain();
    expect(heard.filter((label) => label.startsWith('b'))).toEqual(['b1', 'b2']);
    expect(heard.filter((label) => label.startsWith('a'))).toEqual(['a1', 'a2']);
    clock.advance(1_000);
    await dispatcher.drain();
    clock.advance(1_999);
    await dispatcher.drain();
    expect(heard.filter((label) => label.startsWith('a'))).toEqual(['a1', 'a2', 'a2']);
    clock.advance(1);
    await dispatcher.drain();
    expect(heard.filter((label) => label.startsWith('a'))).toEqual(['a1', 'a2', 'a2', 'a2', 'a3', 'a4']);
    expect(new Set(await states())).toEqual(new Set(['delivered']));
  });

  it('does not repeat an event to subscribers that dealt with it', async () => {
    const [fine, failing] = [recorder('fine'), recorder('failing', (_, time) => time < 2)];
    const dispatcher = await started([fine.subscriber, failing.subscriber]);
    await publish(anEvent('a'));
    await dispatcher.drain();
    clock.advance(1_000);
    await dispatcher.drain();
    expect([fine.heard, failing.heard]).toEqual([['a'], ['a', 'a']]);
  });

  it('gives a poison event up after its last attempt, says why, and goes on', async () => {
    const { heard, subscriber } = recorder('reader', (label) => label === 'poison');
    const dispatcher = await started([subscriber], { maxAttempts: 3 });
    const poison = anEvent('a', 'poison');
    await publish(poison, anEvent('a', 'behind it'), ...['b', 'c', 'd'].map((subject) => anEvent(subject)));
    await dispatcher.drain();
    expect(heard.toSorted()).toEqual(['b', 'c', 'd', 'poison']);
    for (let attempt = 0; attempt < 3; attempt++) {
      clock.advance(10_000);
      await dispatcher.drain();
    }
    expect(heard.filter((label) => label === 'poison')).toHaveLength(3);
    expect(heard.at(-1)).toBe('behind it');
    expect(await store.get('outbox', poison.id)).toMatchObject({
      state: 'dead',
      attempts: 3,
      error: 'reader: cannot read poison',
    });
    expect(await store.find('audit', {})).toMatchObject([
      {
        action: 'event.dead',
        object: `event:${poison.id}`,
        data: { attempts: 3, error: 'reader: cannot read poison' },
      },
    ]);
    expect(await store.count('outbox', { state: 'pending' })).toBe(0);
  });

  it('counts a subscriber that never answers as failed and is not held up by it', async () => {
    const { heard, subscriber } = recorder('fine');
    const silent = { name: 'silent', handle: () => new Promise<void>(() => undefined) };
    const dispatcher = await started([subscriber, silent], { maxAttempts: 1, timeout: 5_000 });
    const event = anEvent('a');
    await publish(event);
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(5_000);
    await dispatcher.drain();
    expect(heard).toEqual(['a']);
    expect(await store.get('outbox', event.id)).toMatchObject({
      state: 'dead',
      error: 'silent: no answer within 5000 ms',
    });
  });

  it('delivers again what was handled but not marked when the process died', async () => {
    const event = anEvent('a');
    await publish(event);
    const first = recorder('one');
    const crashing: Store = { ...store, commit: () => new Promise(() => undefined) };
    await createDispatcher({ store: crashing, clock, subscribers: [first.subscriber] }).start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(first.heard).toEqual(['a']);
    await store.close();
    store = await openSqliteStore({ directory });
    const second = recorder('one');
    await (await started([second.subscriber])).drain();
    expect(second.heard).toEqual(['a']);
    expect(await states()).toEqual(['delivered']);
  });

  it('holds back subjects whose failed event an earlier process left', async () => {
    const before = await started([recorder('one', () => true).subscriber]);
    await publish(anEvent('a', 'a1'));
    await before.drain();
    await before.stop();
    await publish(anEvent('a', 'a2'), anEvent('b', 'b1'));
    const { heard, subscriber } = recorder('one');
    const after = await started([subscriber]);
    await after.drain();
    expect(heard).toEqual(['b1']);
    clock.advance(1_000);
    await after.drain();
    expect(heard).toEqual(['b1', 'a1', 'a2']);
  });

  it('retries by its own timer', async () => {
    const told = Promise.withResolvers<void>();
    const { subscriber } = recorder('one', (_, time) => {
      if (time === 2) told.resolve();
      return time < 2;
    });
    const dispatcher = await started([subscriber]);
    await publish(anEvent('a'));
    await dispatcher.drain();
    clock.advance(1_000);
    await told.promise;
  });

  it('marks a batch by one commit, and takes many batches', async () => {
    const { heard, subscriber } = recorder('one');
    const labels = Array.from({ length: 250 }, (_, n) => `s${n}`);
    await publish(...labels.map((label) => anEvent(label)));
    const sizes: number[] = [];
    store.onCommitted((change) => sizes.push(change.rows?.length ?? 0));
    await (await started([subscriber], { batch: 100 })).drain();
    expect(sizes).toEqual([100, 100, 50]);
    expect(heard.toSorted()).toEqual(labels.toSorted());
  });

  it('finds free events behind many of a subject that is held back', async () => {
    const { heard, subscriber } = recorder('one', (label) => label === 'stuck0');
    await publish(...Array.from({ length: 30 }, (_, n) => anEvent('stuck', `stuck${n}`)), anEvent('free'));
    await (await started([subscriber], { batch: 5 })).drain();
    expect(heard.toSorted()).toEqual(['free', 'stuck0']);
  });

  it('goes on by itself after the store failed', async () => {
    let broken = true;
    const failing: Store = {
      ...store,
      find: (table, query) => (broken ? Promise.reject(new Error('no database')) : store.find(table, query)),
    };
    const { heard, subscriber } = recorder('one');
    const problems: unknown[] = [];
    broken = false;
    const dispatcher = await started([subscriber], { store: failing, onError: (error) => problems.push(error) });
    await dispatcher.drain();
    broken = true;
    await publish(anEvent('a'));
    await dispatcher.drain();
    broken = false;
    expect(heard).toEqual([]);
    expect(problems).not.toEqual([]);
    clock.advance(1_000);
    await dispatcher.drain();
    expect(heard).toEqual(['a']);
  });

  it('marks the rest when somebody else changed one of the rows', async () => {
    const meddled = anEvent('a');
    const { subscriber } = recorder('one');
    const meddling: Subscriber = {
      name: 'meddling',
      async handle(event) {
        if (event.id !== meddled.id) return;
        const row = await store.get('outbox', event.id);
        if (row?.rev === 1) {
          await store.commit({ rows: [{ op: 'update', table: 'outbox', row: { ...row, rev: 2, state: 'dead' } }] });
        }
      },
    };
    await publish(meddled, anEvent('b'));
    await (await started([subscriber, meddling])).drain();
    expect(await states()).toEqual(['dead', 'delivered']);
  });

  it('takes nothing more once it is stopped', async () => {
    const { heard, subscriber } = recorder('one');
    const dispatcher = await started([subscriber]);
    await dispatcher.stop();
    await publish(anEvent('a'));
    await dispatcher.drain();
    expect(heard).toEqual([]);
    expect(await states()).toEqual(['pending']);
    expect(clock.pending).toBe(0);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ManualClock, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { openSqliteStore } from '@counterpoint/store';
import { type NatsServer, startNats } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRelay, type Relay } from '../relay.ts';
import { labelled, labelOf } from '../testing/events.ts';
import { connectNats, type NatsLink } from './connect.ts';
import { type NatsLog, openNatsLog } from './log.ts';

let server: NatsServer;
let directory: string;
let store: Store;
let clock: ManualClock;
let link: NatsLink;
let log: NatsLog;
let relay: Relay;
let problems: unknown[];
beforeEach(async () => {
  server = await startNats();
  directory = mkdtempSync(join(tmpdir(), 'counterpoint-outage-'));
  store = await openSqliteStore({ directory });
  clock = manualClock(Date.now());
  problems = [];
  const onError = (error: unknown) => void problems.push(error);
  link = await connectNats({ url: server.url });
  log = await openNatsLog({ link, store, clock, onError });
  relay = createRelay({ store, target: log, alone: true, clock, onError });
  await relay.start();
});
afterEach(async () => {
  await log.close();
  await relay.stop();
  await link.connection.close();
  await store.close();
  await server.remove();
  rmSync(directory, { recursive: true });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 1_000 && !(await holds()); look++) {
    clock.advance(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await holds()).toBe(true);
}
const pending = () => store.count('outbox', { state: 'pending' });

describe('while nats-server is away', () => {
  it('events wait in the store, and consumers and tails go on by themselves when it is back', async () => {
    const [heard, tailed]: [string[], string[]] = [[], []];
    const handle = async (logged: Parameters<typeof labelOf>[0]) => void heard.push(labelOf(logged));
    await log.consume({ name: 'one', topics: ['>'], start: 'first', handle });
    await log.tail(['>'], (logged) => tailed.push(labelOf(logged)));
    await store.commit({ events: [labelled('a', 's')] });
    await until(() => heard.length === 1 && tailed.length === 1);
    await server.kill();
    await until(() => !link.up());
    await store.commit({ events: [labelled('b', 's'), labelled('c', 's')] });
    await until(() => problems.length > 0);
    expect([await pending(), heard]).toEqual([2, ['a']]);
    await expect(log.append([labelled('d')])).rejects.toMatchObject({ code: 'events.log_unavailable' });
    await expect(log.bounds()).rejects.toMatchObject({ code: 'events.log_unavailable' });
    await server.restart();
    await until(() => heard.length === 3 && tailed.length === 3);
    await until(async () => (await pending()) === 0);
    expect([heard, tailed]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  it('a stream that was lost is made anew, and consumers begin at its first event', async () => {
    const heard: string[] = [];
    const handle = async (logged: Parameters<typeof labelOf>[0]) => void heard.push(labelOf(logged));
    const consumer = { name: 'one', topics: ['>'], start: 'first', handle } as const;
    const first = await log.consume(consumer);
    await store.commit({ events: [labelled('a'), labelled('b')] });
    await relay.drain();
    await first.drain();
    await relay.stop();
    await log.close();
    await link.connection.close();
    await server.remove();
    server = await startNats();
    link = await connectNats({ url: server.url });
    log = await openNatsLog({ link, store, clock });
    relay = createRelay({ store, target: log, alone: true, clock });
    await relay.start();
    await store.commit({ events: [labelled('c')] });
    await relay.drain();
    await (await log.consume(consumer)).drain();
    expect(heard.toSorted()).toEqual(['a', 'b', 'c']);
  });
});

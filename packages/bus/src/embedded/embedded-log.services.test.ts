import { type ManualClock, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { describeEventLog } from '@counterpoint/events/conformance';
import { openPostgresStore } from '@counterpoint/store';
import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRelay } from '../relay.ts';
import { labelled, labelOf } from '../testing/events.ts';
import { logUnderTest } from '../testing/log-under-test.ts';
import { openEmbeddedLog } from './log.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

let schemas = 0;
/** Tables of its own for each test. */
function aSchema() {
  schemas += 1;
  return { url: server.url, schema: `log${schemas}` };
}

describeEventLog('the embedded log on PostgreSQL, among several processes', {
  stories: 5,
  async open() {
    const where = aSchema();
    return logUnderTest({
      alone: false,
      openStore: () => openPostgresStore(where),
      openLog: (parts) => openEmbeddedLog({ ...parts, alone: false }),
      destroy: async () => undefined,
    });
  },
});

describe('two processes on one log', () => {
  let stores: Store[];
  let clock: ManualClock;
  beforeEach(async () => {
    const where = aSchema();
    stores = [await openPostgresStore(where), await openPostgresStore(where)];
    clock = manualClock(Date.now());
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
  });
  const opened = async (index: number) => {
    const store = stores[index] as Store;
    const log = await openEmbeddedLog({ store, alone: false, clock });
    return { store, log, relay: createRelay({ store, target: log, alone: false, clock }) };
  };
  const until = async (holds: () => boolean) => {
    for (let look = 0; look < 300 && !holds(); look++) {
      clock.advance(250);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(holds()).toBe(true);
  };

  it('consumers and tails hear in one what the other brings', async () => {
    const [one, two] = [await opened(0), await opened(1)];
    const [heard, tailed]: [string[], string[]] = [[], []];
    await two.log.tail(['>'], (logged) => tailed.push(labelOf(logged)));
    const handle = async (logged: Parameters<typeof labelOf>[0]) => void heard.push(labelOf(logged));
    await two.log.consume({ name: 'one', topics: ['>'], start: 'first', handle });
    await one.relay.start();
    await one.store.commit({ events: [labelled('a')] });
    await two.store.commit({ events: [labelled('b')] });
    await until(() => heard.length === 2 && tailed.length === 2);
    expect(heard.toSorted()).toEqual(['a', 'b']);
    await two.log.close();
    await one.relay.stop();
    await one.log.close();
  });

  it('positions grow and are unique although two relays work at the same time', async () => {
    const [one, two] = [await opened(0), await opened(1)];
    await one.relay.start();
    await two.relay.start();
    for (let n = 0; n < 60; n++) await (n % 2 ? one : two).store.commit({ events: [labelled(`e${n}`, 's')] });
    for (let round = 0; round < 20 && (await one.store.count('outbox', { state: 'pending' })) > 0; round++) {
      clock.advance(1_000);
      await one.relay.drain();
      await two.relay.drain();
    }
    const rows = await one.store.find('outbox', { orderBy: [{ column: 'position' }], limit: 100 });
    const positions = rows.map(({ position }) => position);
    expect(new Set(positions).size).toBe(60);
    expect(positions).not.toContain(null);
    const read = await two.log.read({ topics: ['>'], start: 'first' });
    expect(read).toHaveLength(60);
    for (const { relay, log } of [one, two]) {
      await relay.stop();
      await log.close();
    }
  });
});

import { eventErrors, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { sourceAccounts } from './source/counts.ts';
import { aBench, fixture, tally } from './testing/harness.ts';

const EVE = fixture('suricata-eve.jsonl');

/** A store of which commits can be made to fail. */
function failing(store: Store, fail: (change: Parameters<Store['commit']>[0]) => unknown): Store {
  return {
    ...store,
    commit: async (change) => {
      const error = fail(change);
      if (error !== undefined) throw error;
      return store.commit(change);
    },
  };
}

const decides = (change: Parameters<Store['commit']>[0]) =>
  change.rows?.some(({ table }) => table === 'ingest_decisions');

/** Lets time pass until the ingest has nothing left to do. */
async function settle(bench: Awaited<ReturnType<typeof aBench>>): Promise<void> {
  let done = false;
  const idle = bench.ingest.idle().then(() => {
    done = true;
  });
  while (!done) {
    bench.clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await idle;
}

describe('worker', () => {
  it('takes up what a stopped server left, once', async () => {
    const store = createMemoryStore();
    const before = await aBench(store);
    await before.ingest.stop();
    await before.send('suricata_eve', EVE);
    await before.ingest.idle();
    expect(await before.decisions()).toEqual([]);

    for (const _start of [1, 2]) {
      const after = await aBench(store);
      after.ingest.recover();
      await after.ingest.idle();
      expect(tally(await after.decisions())).toEqual({ created: 5, merged: 1, duplicate: 1, suppressed: 1 });
      expect(await store.count('raw_inputs', { state: 'processed' })).toBe(1);
    }
  });

  it('goes on behind the items that were decided before the crash', async () => {
    const store = createMemoryStore();
    const lines = Array.from({ length: 300 }, (_, n) =>
      JSON.stringify({ event_type: 'a', src_ip: `192.0.2.${n % 250}`, n }),
    );
    let commits = 0;
    const crashing = failing(store, (change) =>
      decides(change) && ++commits === 2 ? eventErrors.store_closed() : undefined,
    );
    const before = await aBench(crashing);
    await before.send('generic_json', lines.join('\n'));
    await before.ingest.idle();
    const part = (await before.decisions()).length;
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(300);

    const after = await aBench(store);
    after.ingest.recover();
    await after.ingest.idle();
    const decisions = await after.decisions();
    expect(decisions.map(({ item }) => item).sort((a, b) => a - b)).toEqual(lines.map((_, n) => n));
    expect(tally(decisions)).toEqual({ created: 250, merged: 50 });
    const alerts = await after.alerts();
    expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(300);
    expect(await store.count('outbox')).toBe(250);
  });

  it('does a batch again when the store could not write it', async () => {
    let left = 3;
    const store = failing(createMemoryStore(), (change) =>
      decides(change) && left-- > 0 ? eventErrors.store_failed({ reason: 'the disk hiccuped' }) : undefined,
    );
    const bench = await aBench(store);
    await bench.send('suricata_eve', EVE);
    await settle(bench);
    expect(bench.retries).toHaveLength(3);
    expect(tally(await bench.decisions())).toEqual({ created: 5, merged: 1, duplicate: 1, suppressed: 1 });
  });

  it('counts on the alert as somebody else left it', async () => {
    const inner = createMemoryStore();
    let meddled = false;
    const store: Store = {
      ...inner,
      commit: async (change) => {
        const merge = change.rows?.find((row) => row.table === 'alerts' && row.op === 'update');
        if (merge !== undefined && !meddled) {
          meddled = true;
          const [alert] = await inner.find('alerts', {});
          if (alert)
            await inner.commit({
              rows: [{ op: 'update', table: 'alerts', row: { ...alert, verdict: 'benign', rev: alert.rev + 1 } }],
            });
        }
        return inner.commit(change);
      },
    };
    const bench = await aBench(store);
    await bench.send('generic_json', { event_type: 'x', src_ip: '192.0.2.1', n: 1 });
    await settle(bench);
    await bench.send('generic_json', { event_type: 'x', src_ip: '192.0.2.1', n: 2 });
    await settle(bench);
    expect(await bench.alerts()).toMatchObject([{ count: 2, verdict: 'benign', rev: 3 }]);
    expect(bench.retries).toMatchObject([{ code: 'events.conflict' }]);
  });

  it('does two processes’ work once, whoever gets to it', async () => {
    const store = createMemoryStore();
    const [one, two] = [await aBench(store), await aBench(store)];
    const texts = Array.from({ length: 40 }, (_, n) => ({ event_type: 'x', src_ip: `192.0.2.${n % 7}`, n }));
    await Promise.all(texts.map((text, n) => (n % 2 ? one : two).send('generic_json', text)));
    one.ingest.recover();
    two.ingest.recover();
    await Promise.all([settle(one), settle(two)]);
    expect(tally(await one.decisions())).toEqual({ created: 7, merged: 33 });
    const alerts = await one.alerts();
    expect(alerts).toHaveLength(7);
    expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(40);
    expect(await store.count('raw_inputs', { state: 'processed' })).toBe(40);
  });

  it('keeps more than fits in memory in the store and loses none of it', async () => {
    const bench = await aBench(createMemoryStore());
    const filler = 'x'.repeat(1_000_000);
    const sent = Array.from({ length: 40 }, (_, n) =>
      bench.send('generic_json', { event_type: 'big', src_ip: `192.0.2.${n}`, filler }),
    );
    await Promise.all(sent);
    await bench.ingest.idle();
    expect(tally(await bench.decisions())).toEqual({ created: 40 });
    expect(bench.retries).toEqual([]);
  });

  it('sets aside the one raw input that meets a defect, and does the others', async () => {
    const store = failing(createMemoryStore(), (change) =>
      change.rows?.some((write) => write.table === 'alerts' && 'row' in write && write.row.title === 'poison')
        ? new TypeError('a defect')
        : undefined,
    );
    const bench = await aBench(store);
    const titles = ['good', 'poison', 'fine', 'also fine'];
    await Promise.all(titles.map((title) => bench.send('generic_json', { title })));
    await settle(bench);
    expect((await bench.alerts()).map(({ title }) => title).sort()).toEqual(['also fine', 'fine', 'good']);
    const [refused] = await store.find('raw_inputs', { where: { state: 'refused' } });
    expect(refused).toMatchObject({ error: { code: 'core.internal', reason: 'it could not be processed: a defect' } });
    expect(tally(await bench.decisions())).toEqual({ created: 3, refused: 1 });
  });
});

describe('the account of a source', () => {
  it('is whole: what holds no items is said too, and what waits is counted', async () => {
    const bench = await aBench(createMemoryStore());
    await bench.send('generic_json', []);
    await bench.send('generic_json', { title: 'one', src_ip: '192.0.2.1' });
    await bench.ingest.idle();
    await bench.ingest.stop();
    await bench.send('generic_json', { title: 'two', src_ip: '192.0.2.2' });
    const [account] = await sourceAccounts(bench.store, ['generic_json'], bench.clock.now());
    expect(account).toMatchObject({ counts: { received: 2, created: 1, suppressed: 1 }, waiting: 1, missing: 0 });
    expect((await bench.decisions()).map(({ reason }) => reason)).toContain('it holds no items');
  });

  it('does not add up when a delivery counts as read and nothing became of it', async () => {
    const bench = await aBench(createMemoryStore());
    await bench.send('generic_json', { title: 'one', src_ip: '192.0.2.1' });
    await bench.ingest.idle();
    const [decision] = await bench.decisions();
    await bench.store.commit({ rows: [{ op: 'delete', table: 'ingest_decisions', id: decision?.id ?? '' }] });
    const [account] = await sourceAccounts(bench.store, ['generic_json'], bench.clock.now());
    expect(account).toMatchObject({ missing: 1, lastAt: null });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutboxRow } from '../rows/security.ts';
import type { Store } from '../store.ts';
import {
  advance,
  anAudit,
  anEvent,
  aSetting,
  claim,
  commitTogether,
  create,
  insertSettings,
  outcomeOf,
} from './factories.ts';
import type { StoreSubject, StoreUnderTest } from './subject.ts';

const ZEROS = '0'.repeat(64);

async function expectOneChain(store: Store, length: number): Promise<void> {
  const rows = await store.find('audit', { limit: length + 1 });
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length }, (_, index) => index + 1));
  expect(rows.map((row) => row.prev)).toEqual([ZEROS, ...rows.slice(0, -1).map((row) => row.hash)]);
}

/** Reads pending outbox rows and marks them delivered, as a dispatcher does, until `expected` were seen. */
async function dispatch(store: Store, expected: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < expected) {
    const rows = await store.find('outbox', { where: { state: 'pending' }, limit: 20 });
    if (rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    else await store.commit({ rows: rows.map(delivered) });
    seen.push(...rows.map((row) => row.id));
  }
  return seen;
}

function delivered(row: OutboxRow) {
  return { op: 'update', table: 'outbox', row: { ...row, state: 'delivered', rev: row.rev + 1 } } as const;
}

export function describeDurability(subject: StoreSubject): void {
  let under: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    under = await subject.open();
    store = under.store;
  });
  afterEach(() => under.destroy());

  describe('durability', () => {
    it('keeps everything when it is opened again', async () => {
      const event = anEvent('alert:1');
      await store.commit({ ...create('r1'), ...insertSettings(aSetting('a')), events: [event] });
      await store.commit(claim('r1', 0));
      await store.commit(advance('r1', 1, 0));
      const before = await store.get('runs', 'r1');
      const again = await under.reopen();
      expect(await again.get('runs', 'r1')).toEqual(before);
      expect(await again.get('settings', 'a')).toEqual(aSetting('a'));
      expect((await again.get('outbox', event.id))?.envelope).toEqual(event);
      expect(await outcomeOf(again.commit(advance('r1', 1, 1)))).toBe('ok');
      expect(await again.count('journal')).toBe(2);
    });

    it('continues one audit chain when it is opened again', async () => {
      await store.commit({ audit: [anAudit('a'), anAudit('b\ud800')] });
      const again = await under.reopen();
      await again.commit({ audit: [anAudit('c')] });
      await expectOneChain(again, 3);
    });

    it('writes what was accepted before it closes, and nothing after', async () => {
      const accepted = commitTogether(
        store,
        ['a', 'b', 'c'].map((id) => insertSettings(aSetting(id))),
      );
      const closed = store.close();
      expect(await outcomeOf(store.commit(insertSettings(aSetting('late'))))).toBe('events.store_closed');
      await closed;
      expect(await accepted).toEqual(['ok', 'ok', 'ok']);
      await expect(store.count('settings')).rejects.toMatchObject({ code: 'events.store_closed' });
      const again = await under.reopen();
      expect(await again.count('settings')).toBe(3);
    });

    it('refuses what its queue cannot hold and takes more afterwards', async () => {
      const bounded = await subject.open({ maxPending: 3 });
      try {
        const changes = ['a', 'b', 'c', 'd', 'e'].map((id) => insertSettings(aSetting(id)));
        const outcomes = await commitTogether(bounded.store, changes);
        expect(outcomes).toEqual(['ok', 'ok', 'ok', 'events.store_busy', 'events.store_busy']);
        expect(await outcomeOf(bounded.store.commit(insertSettings(aSetting('d'))))).toBe('ok');
      } finally {
        await bounded.destroy();
      }
    });

    it('puts events into the outbox as they are, pending and due', async () => {
      const event = anEvent('alert:1', 5);
      await store.commit({ events: [event] });
      expect(await store.get('outbox', event.id)).toEqual({
        id: event.id,
        topic: event.type,
        subject: 'alert:1',
        envelope: event,
        state: 'pending',
        position: null,
        participant: 'server',
        attempts: 0,
        next_at: Date.parse(event.time),
        error: '',
        at: Date.parse(event.time),
        trace: event.trace,
        cause: event.cause,
        rev: 1,
      });
    });

    it('loses no outbox event while many commit at once', async () => {
      const stores = [store, ...(under.another ? [await under.another(), await under.another()] : [])];
      const writers = Array.from({ length: 24 }, async (_, writer) => {
        const own = stores[writer % stores.length] as Store;
        const published: string[] = [];
        for (let n = 0; n < 12; n++) {
          const event = anEvent(`alert:${writer}`, n);
          await own.commit({ events: [event], ...insertSettings(aSetting(`${writer}/${n}`)) });
          published.push(event.id);
        }
        return published;
      });
      const seen = await dispatch(store, 24 * 12);
      const published = (await Promise.all(writers)).flat();
      expect(seen.toSorted()).toEqual(published.toSorted());
      expect(await store.count('outbox', { state: 'pending' })).toBe(0);
    });

    it('keeps one audit chain and one owner while several processes write', async () => {
      const stores = under.another ? [store, await under.another(), await under.another()] : [store];
      await store.commit(create('r1'));
      const claims = await Promise.all(stores.map((one, n) => outcomeOf(one.commit(claim('r1', 0, `w${n}`)))));
      expect(claims.filter((outcome) => outcome === 'ok')).toHaveLength(1);
      await Promise.all(
        stores.map(async (one, n) => {
          for (let i = 0; i < 15; i++) await one.commit({ audit: [anAudit(`${n}/${i}`)], ...create(`${n}/${i}`) });
        }),
      );
      await expectOneChain(store, stores.length * 15);
    });
  });
}

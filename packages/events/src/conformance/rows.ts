import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RowWrite } from '../change.ts';
import type { WritableTable } from '../rows/index.ts';
import type { Store } from '../store.ts';
import { arbitraryRow, asStored } from './arbitrary-rows.ts';
import { anAlert, anAudit, anEntry, anEvent, aRun, aSetting, insertSettings, outcomeOf } from './factories.ts';
import type { StoreSubject, StoreUnderTest } from './subject.ts';

/** Tables whose rows have a member of their own in a change. */
const SPECIAL: ReadonlySet<string> = new Set(['runs', 'journal', 'audit']);

export function describeRows(subject: StoreSubject): void {
  let under: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    under = await subject.open();
    store = under.store;
  });
  afterEach(() => under.destroy());

  describe('rows', () => {
    it.each(Object.keys(subject.columns).filter((table) => !SPECIAL.has(table)))('round-trip in %s', async (name) => {
      const table = name as WritableTable;
      const kinds = subject.columns[table];
      await fc.assert(
        fc.asyncProperty(arbitraryRow(kinds), async (generated) => {
          const row = generated as never;
          const stored = asStored(kinds, generated);
          const id = stored.id as string;
          await store.commit({ rows: [{ op: 'put', table, row } as RowWrite] });
          expect(await store.get(table, id)).toStrictEqual(stored);
          await store.commit({ rows: [{ op: 'delete', table, id: generated.id } as RowWrite] });
          expect(await store.get(table, id)).toBeUndefined();
          await store.commit({ rows: [{ op: 'insert', table, row } as RowWrite] });
          expect(await store.find(table, { where: { id } as never })).toStrictEqual([stored]);
          await store.commit({ rows: [{ op: 'delete', table, id: generated.id } as RowWrite] });
        }),
        { numRuns: 15 },
      );
    });

    it('round-trip runs and journal', async () => {
      const { runs, journal } = subject.columns;
      await fc.assert(
        fc.asyncProperty(arbitraryRow(runs), arbitraryRow(journal), async (run, entry) => {
          const linked = { ...entry, run: run.id };
          await store.commit({ runs: [{ op: 'create', row: run as never }], journal: [linked as never] });
          const stored = asStored(runs, run);
          expect(await store.get('runs', stored.id as string)).toStrictEqual(stored);
          const found = await store.find('journal', { where: { run: stored.id as string } });
          expect(found).toStrictEqual([asStored(journal, linked)]);
        }),
        { numRuns: 15 },
      );
    });

    it('refuses to insert what exists, by id and by unique key', async () => {
      await store.commit(insertSettings(aSetting('a')));
      expect(await outcomeOf(store.commit(insertSettings(aSetting('a', 1, 'other'))))).toBe('events.conflict');
      expect((await store.get('settings', 'a'))?.value).toBe('a');
      const raw = {
        ...{ principal: 'source:s', trace: '', cause: '', hop: 0, media_type: 'application/json', error: null },
        ...{ body: new Uint8Array(), state: 'received' as const, received_at: 1, simulated: false, rev: 1 },
      };
      const deliver = (id: string, source: string, delivery: string, op: 'insert' | 'ensure' | 'put' = 'insert') =>
        outcomeOf(store.commit({ rows: [{ op, table: 'raw_inputs', row: { ...raw, id, source, delivery } }] }));
      expect(await deliver('1', 'wazuh', 'd1')).toBe('ok');
      expect(await deliver('2', 'wazuh', 'd1')).toBe('events.conflict');
      expect(await deliver('3', 'wazuh', 'd1', 'ensure')).toBe('ok');
      expect(await deliver('4', 'wazuh', 'd1', 'put')).toBe('events.conflict');
      expect(await deliver('5', 'suricata', 'd1')).toBe('ok');
      expect((await store.find('raw_inputs', {})).map((row) => row.id)).toEqual(['1', '5']);
    });

    it('ensures once, puts always, deletes quietly', async () => {
      await store.commit({ rows: [{ op: 'ensure', table: 'settings', row: aSetting('a', 1, 'first') }] });
      await store.commit({ rows: [{ op: 'ensure', table: 'settings', row: aSetting('a', 1, 'second') }] });
      expect((await store.get('settings', 'a'))?.value).toBe('first');
      await store.commit({ rows: [{ op: 'put', table: 'settings', row: aSetting('a', 9, 'third') }] });
      expect(await store.get('settings', 'a')).toEqual(aSetting('a', 9, 'third'));
      await store.commit({ rows: [{ op: 'delete', table: 'settings', id: 'a' }] });
      await store.commit({ rows: [{ op: 'delete', table: 'settings', id: 'a' }] });
      expect(await store.get('settings', 'a')).toBeUndefined();
    });

    it('updates only the revision before', async () => {
      await store.commit({ rows: [{ op: 'insert', table: 'alerts', row: anAlert('a') }] });
      const update = (rev: number, id = 'a') =>
        outcomeOf(store.commit({ rows: [{ op: 'update', table: 'alerts', row: anAlert(id, { rev, count: rev }) }] }));
      expect(await update(3)).toBe('events.conflict');
      expect(await update(2)).toBe('ok');
      expect(await update(2)).toBe('events.conflict');
      expect(await update(2, 'missing')).toBe('events.conflict');
      expect(await store.get('alerts', 'a')).toEqual(anAlert('a', { rev: 2, count: 2 }));
    });

    it('applies several writes of one row in their order', async () => {
      await store.commit({
        rows: [
          { op: 'insert', table: 'settings', row: aSetting('a', 1) },
          { op: 'update', table: 'settings', row: aSetting('a', 2) },
          { op: 'delete', table: 'settings', id: 'a' },
          { op: 'insert', table: 'settings', row: aSetting('a', 7) },
          { op: 'put', table: 'settings', row: aSetting('b', 1, 'first') },
          { op: 'put', table: 'settings', row: aSetting('b', 1, 'second') },
        ],
      });
      expect(await store.find('settings', {})).toEqual([aSetting('a', 7), aSetting('b', 1, 'second')]);
    });

    it('leaves nothing of a refused change, whichever member was refused', async () => {
      await store.commit({ ...insertSettings(aSetting('taken')), events: [] });
      const taken = anEvent('alert:taken');
      await store.commit({ events: [taken] });
      const change = {
        runs: [{ op: 'create', row: aRun('r') }],
        journal: [anEntry('r', 1)],
        rows: [{ op: 'insert', table: 'settings', row: aSetting('free') }],
        events: [anEvent('alert:1')],
        audit: [anAudit('x')],
      } as const;
      const refused = [
        { ...change, journal: [anEntry('r', 1), anEntry('r', 1)] },
        { ...change, rows: [...change.rows, { op: 'insert', table: 'settings', row: aSetting('taken') }] as const },
        { ...change, events: [...change.events, taken] },
      ];
      for (const one of refused) expect(await outcomeOf(store.commit(one))).toBe('events.conflict');
      expect(await store.count('runs')).toBe(0);
      expect(await store.count('journal')).toBe(0);
      expect(await store.count('settings')).toBe(1);
      expect(await store.count('outbox')).toBe(1);
      expect(await store.count('audit')).toBe(0);
      expect(await outcomeOf(store.commit(change))).toBe('ok');
    });

    it('refuses a row that cannot be written and goes on', async () => {
      const circular: unknown[] = [];
      circular.push(circular);
      const broken = store.commit(insertSettings(aSetting('fine'), aSetting('broken', 1, circular as never)));
      const sound = store.commit(insertSettings(aSetting('sound')));
      await expect(broken).rejects.toThrow();
      await sound;
      expect((await store.find('settings', {})).map((row) => row.id)).toEqual(['sound']);
    });
  });
}

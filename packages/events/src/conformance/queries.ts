import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertRow } from '../rows/cases.ts';
import type { Query, Store } from '../store.ts';
import { anAlert, anEntry, aRun } from './factories.ts';
import type { StoreSubject, StoreUnderTest } from './subject.ts';

const ALERTS: readonly AlertRow[] = [
  anAlert('a', { severity: 4, status: 'new', case_id: null, simulated: true }),
  anAlert('b', { severity: 2, status: 'resolved', case_id: 'case-1' }),
  anAlert('c', { severity: 4, status: 'in_progress', case_id: 'case-2' }),
  anAlert('d', { severity: 3, status: 'new', case_id: null }),
  anAlert('e', { severity: 1, status: 'suppressed', case_id: 'case-1' }),
];

export function describeQueries(subject: StoreSubject): void {
  let under: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    under = await subject.open();
    store = under.store;
    await store.commit({ rows: ALERTS.map((row) => ({ op: 'insert', table: 'alerts', row })) });
  });
  afterEach(() => under.destroy());
  const ids = async (query: Query<AlertRow>) => (await store.find('alerts', query)).map((row) => row.id).join('');
  const put = (...rows: AlertRow[]) =>
    store.commit({ rows: rows.map((row) => ({ op: 'put', table: 'alerts', row }) as const) });

  describe('queries', () => {
    it('apply every comparison', async () => {
      expect(await ids({ where: { severity: 4 } })).toBe('ac');
      expect(await ids({ where: { severity: { not: 4 } } })).toBe('bde');
      expect(await ids({ where: { severity: { in: [1, 2, 3] } } })).toBe('bde');
      expect(await ids({ where: { severity: { in: [] } } })).toBe('');
      expect(await ids({ where: { severity: { notIn: [4, 2] } } })).toBe('de');
      expect(await ids({ where: { severity: { notIn: [] } } })).toBe('abcde');
      expect(await ids({ where: { severity: { lt: 2 } } })).toBe('e');
      expect(await ids({ where: { severity: { lte: 2 } } })).toBe('be');
      expect(await ids({ where: { severity: { gt: 3 } } })).toBe('ac');
      expect(await ids({ where: { severity: { gte: 3 }, status: 'new' } })).toBe('ad');
      expect(await ids({ where: { severity: { gte: 2, lt: 4 } } })).toBe('bd');
      expect(await ids({ where: { severity: { gte: 4, lt: 4 } } })).toBe('');
      expect(await ids({ where: { simulated: true } })).toBe('a');
      expect(await ids({ where: { status: { prefix: 'in_' } } })).toBe('c');
      expect(await store.count('alerts', { severity: { gte: 3 } })).toBe(3);
      expect(await store.count('alerts')).toBe(5);
    });

    it('count in groups, in slices of time, and add up', async () => {
      const byKey = async (tally: Parameters<typeof store.tally<'alerts'>>[1]) =>
        (await store.tally('alerts', tally)).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      expect(await byKey({})).toEqual([{ values: [], slice: 0, count: 5, sums: [] }]);
      expect(await byKey({ by: ['status', 'simulated'], where: { severity: { gte: 3 } }, sum: ['severity'] })).toEqual([
        { values: ['in_progress', false], slice: 0, count: 1, sums: [4] },
        { values: ['new', false], slice: 0, count: 1, sums: [3] },
        { values: ['new', true], slice: 0, count: 1, sums: [4] },
      ]);
      expect(await byKey({ by: ['case_id'], where: { case_id: null } })).toMatchObject([{ values: [null], count: 2 }]);
      expect(await byKey({ where: { severity: 77 } })).toEqual([]);
      await put(
        ...[0, 59_999, 60_000, 119_999, 120_000].map((at, index) =>
          anAlert(`s${index}`, { source: 's', last_seen: at }),
        ),
      );
      const slice = { column: 'last_seen', width: 60_000 } as const;
      expect(await byKey({ where: { source: 's' }, slice, sum: ['last_seen'] })).toEqual([
        { values: [], slice: 0, count: 2, sums: [59_999] },
        { values: [], slice: 120_000, count: 1, sums: [120_000] },
        { values: [], slice: 60_000, count: 2, sums: [179_999] },
      ]);
      expect(await byKey({ where: { source: 's', last_seen: { gte: 60_000 } }, slice })).toHaveLength(2);
      await expect(store.tally('alerts', { by: ['finding' as never] })).rejects.toThrow(TypeError);
    });

    it('treat null as a value for equality only', async () => {
      expect(await ids({ where: { case_id: null } })).toBe('ad');
      expect(await ids({ where: { case_id: { not: null } } })).toBe('bce');
      expect(await ids({ where: { case_id: { not: 'case-1' } } })).toBe('acd');
      expect(await ids({ where: { case_id: { in: [null, 'case-2'] } } })).toBe('acd');
      expect(await ids({ where: { case_id: { in: [null] } } })).toBe('ad');
      expect(await ids({ where: { case_id: { notIn: ['case-1'] } } })).toBe('acd');
      expect(await ids({ where: { case_id: { notIn: [null, 'case-1'] } } })).toBe('c');
      expect(await ids({ where: { case_id: { lt: 'case-2' } } })).toBe('be');
      expect(await ids({ where: { case_id: { lt: null } } })).toBe('');
      expect(await ids({ where: { case_id: { prefix: '' } } })).toBe('bce');
    });

    it('compare text by its bytes, and prefixes literally', async () => {
      const titles = ['Zeta', 'alpha', 'a%b', 'a_b', 'a\u0000', 'a\u0001', 'ä', '\u{1f600}x', '\uffffy', '\u{10ffff}'];
      await put(...titles.map((title, index) => anAlert(`t${index}`, { title, source: 'order' })));
      const where = { source: 'order' } as const;
      const found = await store.find('alerts', { where, orderBy: [{ column: 'title' }] });
      const bytes = [...titles].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(found.map((row) => row.title)).toEqual(bytes);
      for (const prefix of ['a', 'a%', 'a_', 'a\u0000', 'a\u0001', 'A', '\u{10ffff}', '\uffff', '\u{1f600}', '']) {
        const starting = await store.find('alerts', { where: { ...where, title: { prefix } } });
        const expected = titles.filter((title) => title.startsWith(prefix));
        expect(starting.map((row) => row.title).sort(), JSON.stringify(prefix)).toEqual(expected.sort());
      }
      for (const title of titles) expect(await store.count('alerts', { title, source: 'order' })).toBe(1);
    });

    it('find text that holds others somewhere, with ASCII letters in either case', async () => {
      const titles = ['SSH brute force', 'ssh Brute', 'a%b_c', 'ÄRGER', 'nul\u0000 byte', 'mark\u0001'];
      await put(...titles.map((title, index) => anAlert(`h${index}`, { title, source: 'held' })));
      const holding = (...texts: string[]) => ids({ where: { source: 'held', title: { holding: texts } } });
      expect(await holding('BRUTE', 'ssh')).toBe('h0h1');
      expect(await holding('force', 'ssh brute')).toBe('h0');
      expect(await holding('%')).toBe('h2');
      expect(await holding('_')).toBe('h2');
      expect(await holding('ÄR')).toBe('h3');
      expect(await holding('är')).toBe('');
      expect(await holding('\u0000 B')).toBe('h4');
      expect(await holding('\u0001')).toBe('h5');
      expect(await holding()).toBe('h0h1h2h3h4h5');
      expect(await store.count('alerts', { case_id: { holding: ['case-'] } })).toBe(3);
      expect(await store.count('alerts', { case_id: { holding: [] } })).toBe(3);
    });

    it('never take values for SQL', async () => {
      const nasty = `x'"; DROP TABLE alerts; -- $1 ?1 :a`;
      await put(anAlert('n', { title: nasty }));
      expect(await ids({ where: { title: nasty } })).toBe('n');
      expect(await ids({ where: { title: { prefix: nasty.slice(0, 20) } } })).toBe('n');
      await expect(store.find('alerts', { where: { 'id" OR 1=1 --': 'x' } as never })).rejects.toThrow(TypeError);
      await expect(store.find('alerts', { orderBy: [{ column: 'finding' as never }] })).rejects.toThrow(TypeError);
    });

    it('order with the primary key as the last word, page behind a row, and limit', async () => {
      const orderBy = [{ column: 'severity', descending: true }] as const;
      expect(await ids({ orderBy })).toBe('acdbe');
      expect(await ids({ orderBy, after: [4, 'a'] })).toBe('cdbe');
      expect(await ids({ orderBy, after: [4, 'a'], limit: 1 })).toBe('c');
      expect(await ids({ orderBy, after: [3, 'zzz'] })).toBe('be');
      expect(await ids({ after: ['c'] })).toBe('de');
      expect(await ids({ orderBy: [{ column: 'id', descending: true }], after: ['c'] })).toBe('ba');
      expect(await ids({ limit: 0 })).toBe('');
    });

    it('put null first in ascending and last in descending order', async () => {
      expect(await ids({ orderBy: [{ column: 'case_id' }] })).toBe('adbec');
      expect(await ids({ orderBy: [{ column: 'case_id', descending: true }] })).toBe('cbead');
    });

    it('give every row once when paged, in any order', async () => {
      const column = fc.constantFrom('severity', 'status', 'case_id', 'created_at', 'simulated', 'id');
      const order = fc.uniqueArray(fc.record({ column, descending: fc.boolean() }), {
        selector: (entry) => entry.column,
        maxLength: 3,
      });
      await fc.assert(
        fc.asyncProperty(order, fc.integer({ min: 1, max: 4 }), async (orderBy, limit) => {
          const query = { orderBy: orderBy as NonNullable<Query<AlertRow>['orderBy']> };
          const keys = [
            ...orderBy.map((entry) => entry.column),
            ...(orderBy.some((o) => o.column === 'id') ? [] : ['id']),
          ];
          const whole = await store.find('alerts', query);
          const paged: AlertRow[] = [];
          for (let pages = 0; pages <= whole.length; pages++) {
            const last = paged.at(-1);
            const after = last && keys.map((key) => last[key as 'id']);
            paged.push(...(await store.find('alerts', { ...query, limit, ...(after && { after }) })));
            if (paged.length >= whole.length) break;
          }
          expect(paged).toEqual(whole);
        }),
        { numRuns: 40 },
      );
    });

    it('give at most 100 rows unless told, and take long lists', async () => {
      const names = Array.from({ length: 150 }, (_, n) => `m${String(n).padStart(3, '0')}`);
      await put(...names.map((id) => anAlert(id, { source: 'many' })));
      expect(await store.find('alerts', { where: { source: 'many' } })).toHaveLength(100);
      expect(await store.find('alerts', { where: { source: 'many' }, limit: 1000 })).toHaveLength(150);
      expect(await store.find('alerts', { where: { id: { in: names } }, limit: 1000 })).toHaveLength(150);
    });

    it('page through a journal by its two keys', async () => {
      const entries = [1, 2, 3, 10].map((seq) => anEntry('r1', seq));
      await store.commit({
        runs: [
          { op: 'create', row: aRun('r1') },
          { op: 'create', row: aRun('r2') },
        ],
        journal: [...entries, anEntry('r2', 1)],
      });
      expect(await store.find('journal', { where: { run: 'r1' } })).toEqual(entries);
      expect(await store.find('journal', { where: { run: 'r1', seq: { gt: 2 } } })).toEqual(entries.slice(2));
      expect(await store.find('journal', { after: ['r1', 3] })).toEqual([entries[3], anEntry('r2', 1)]);
    });

    it('find nothing for an unknown id', async () => {
      expect(await store.get('alerts', 'zz')).toBeUndefined();
      expect(await store.get('audit', '1')).toBeUndefined();
    });
  });
}

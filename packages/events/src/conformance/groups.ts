import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../change.ts';
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

const letters = fc.constantFrom('a', 'b', 'c');
const small = fc.integer({ min: 0, max: 2 });

/** Changes over so few rows that they keep meeting each other. */
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(letters, letters).map(([id, key]) => create(id, { trigger_key: key })),
  fc.tuple(letters, small).map(([id, epoch]) => claim(id, epoch)),
  fc.tuple(letters, small, small).map(([id, epoch, seq]) => advance(id, epoch, seq)),
  fc.tuple(letters, small).map(([id, epoch]) => advance(id, epoch, 0, { status: 'failed' })),
  fc.tuple(letters, letters).map(([one, two]) => insertSettings(aSetting(one), aSetting(two))),
  fc.tuple(letters, small).map(
    ([id, rev]): Change => ({
      rows: [{ op: 'update', table: 'settings', row: aSetting(id, rev + 1) as never }],
    }),
  ),
  letters.map((id): Change => ({ rows: [{ op: 'delete', table: 'settings', id }], audit: [anAudit(id)] })),
  fc.tuple(letters, small).map(
    ([id, epoch]): Change => ({
      ...advance(id, epoch, epoch),
      rows: [{ op: 'ensure', table: 'settings', row: aSetting(id, 5) }],
      audit: [anAudit(id)],
    }),
  ),
  fc.tuple(letters, letters).map(
    ([id, other]): Change => ({
      ...create(id),
      ...insertSettings(aSetting(other, 9)),
      audit: [anAudit(id)],
    }),
  ),
  letters.map((id): Change => ({ rows: [{ op: 'put', table: 'settings', row: aSetting(id, 2, 'put') }] })),
);

export function describeGroups(subject: StoreSubject): void {
  let under: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    under = await subject.open();
    store = under.store;
  });
  afterEach(() => under.destroy());

  describe('groups', () => {
    it('do not sink with one fenced change', async () => {
      await commitTogether(
        store,
        ['r1', 'r2', 'r3'].map((id) => create(id)),
      );
      const outcomes = await commitTogether(store, [advance('r1', 0, 0), advance('r2', 7, 0), advance('r3', 0, 0)]);
      expect(outcomes).toEqual(['ok', 'events.fenced', 'ok']);
      expect((await store.find('journal', {})).map((entry) => entry.run)).toEqual(['r1', 'r3']);
    });

    it('do not sink with a change that is refused by its last member', async () => {
      const known = anEvent('alert:known');
      await store.commit({ events: [known] });
      const outcomes = await commitTogether(store, [
        { ...create('r1'), audit: [anAudit('r1')] },
        { ...create('r2'), events: [known], audit: [anAudit('r2')] },
        { ...create('r3'), audit: [anAudit('r3')] },
      ]);
      expect(outcomes).toEqual(['ok', 'events.conflict', 'ok']);
      expect((await store.find('runs', {})).map((run) => run.id)).toEqual(['r1', 'r3']);
      const audit = await store.find('audit', {});
      expect(audit.map(({ seq, object }) => [seq, object])).toEqual([
        [1, 'r1'],
        [2, 'r3'],
      ]);
      expect(audit[1]?.prev).toBe(audit[0]?.hash);
    });

    it('let the first of two rivals win', async () => {
      await store.commit(create('r1'));
      expect(await commitTogether(store, [claim('r1', 0, 'w1'), claim('r1', 0, 'w2')])).toEqual([
        'ok',
        'events.fenced',
      ]);
      const twice = ['r2', 'r3'].map((id) => create(id, { trigger_key: 'same' }));
      expect(await commitTogether(store, twice)).toEqual(['ok', 'events.conflict']);
      expect((await store.get('runs', 'r1'))?.owner).toBe('w1');
    });

    it('see what earlier changes of the same group wrote', async () => {
      const outcomes = await commitTogether(store, [
        create('r1'),
        claim('r1', 0),
        advance('r1', 1, 0),
        advance('r1', 1, 1, { status: 'succeeded' }),
        advance('r1', 1, 2),
      ]);
      expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'events.fenced']);
      expect(await store.count('journal')).toBe(2);
    });

    it('end as if each change had been committed by itself', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyChange, { minLength: 2, maxLength: 25 }), async (changes) => {
          const alone = await subject.open();
          const together = await subject.open();
          try {
            const expected: string[] = [];
            for (const change of changes) expected.push(await outcomeOf(alone.store.commit(change)));
            expect(await commitTogether(together.store, changes)).toEqual(expected);
            for (const table of ['runs', 'journal', 'settings', 'audit'] as const) {
              expect(await together.store.find(table, {})).toEqual(await alone.store.find(table, {}));
            }
          } finally {
            await alone.destroy();
            await together.destroy();
          }
        }),
        { numRuns: 25 },
      );
    });

    it('tell listeners of what became durable, in order, whatever a listener throws', async () => {
      const heard: string[] = [];
      store.onCommitted(() => {
        throw new Error('a defect in a listener');
      });
      const stop = store.onCommitted((change) =>
        heard.push(...(change.rows ?? []).map((write) => ('row' in write ? write.row.id : ''))),
      );
      const changes = ['a', 'b', 'a', 'c'].map((id) => insertSettings(aSetting(id)));
      const visible: number[] = [];
      const settled = changes.map((change) =>
        outcomeOf(store.commit(change)).then(async (outcome) => {
          if (outcome === 'ok') visible.push(heard.length);
          return outcome;
        }),
      );
      expect(await Promise.all(settled)).toEqual(['ok', 'ok', 'events.conflict', 'ok']);
      expect(heard).toEqual(['a', 'b', 'c']);
      expect(visible.every((count, index) => count > index)).toBe(true);
      stop();
      await store.commit(insertSettings(aSetting('d')));
      expect(heard).toHaveLength(3);
    });

    it('show a change to readers as soon as a listener hears of it', async () => {
      const seen: Promise<unknown>[] = [];
      store.onCommitted(() => seen.push(store.get('settings', 'a')));
      await store.commit(insertSettings(aSetting('a')));
      expect(await Promise.all(seen)).toEqual([aSetting('a')]);
    });

    it('accept an empty change', async () => {
      expect(await commitTogether(store, [{}, create('r1'), { rows: [], journal: [] }])).toEqual(['ok', 'ok', 'ok']);
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../change.ts';
import { prunedWithRun } from '../change.ts';
import type { Store } from '../store.ts';
import {
  AT,
  advance,
  anAudit,
  anEntry,
  anEvent,
  aRun,
  aSetting,
  belongings,
  claim,
  create,
  outcomeOf,
  prune,
} from './factories.ts';
import type { StoreSubject, StoreUnderTest } from './subject.ts';

export function describeRuns(subject: StoreSubject): void {
  let under: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    under = await subject.open();
    store = under.store;
  });
  afterEach(() => under.destroy());
  const outcome = (change: Change) => outcomeOf(store.commit(change));

  describe('runs', () => {
    it('are created once for each id and trigger key', async () => {
      expect(await outcome(create('r1'))).toBe('ok');
      expect(await outcome(create('r1', { trigger_key: 'other' }))).toBe('events.conflict');
      expect(await outcome(create('r2', { trigger_key: aRun('r1').trigger_key }))).toBe('events.conflict');
      expect((await store.find('runs', {})).map((run) => run.id)).toEqual(['r1']);
    });

    it('are not claimed by who has not seen what their owner wrote last', async () => {
      await store.commit(create('r1'));
      await store.commit(claim('r1', 0, 'w1'));
      const old = (await store.get('runs', 'r1')) ?? expect.unreachable();
      await store.commit(advance('r1', 1, 0, { lease_until: old.lease_until + 1 }));
      const row = (await store.get('runs', 'r1')) ?? expect.unreachable();
      const taking = (seen: { readonly seq: number; readonly lease_until: number }) =>
        outcome({ runs: [{ op: 'claim', id: 'r1', epoch: 1, owner: 'w2', lease_until: 9, seen }] });
      expect(await taking(old)).toBe('events.fenced');
      expect(await taking({ ...row, seq: old.seq })).toBe('events.fenced');
      expect(await taking({ ...row, lease_until: old.lease_until })).toBe('events.fenced');
      expect(await taking(row)).toBe('ok');
      expect(await store.get('runs', 'r1')).toMatchObject({ owner: 'w2', epoch: 2 });
    });

    it('are claimed by one worker for each epoch', async () => {
      await store.commit(create('r1'));
      expect(await outcome(claim('r1', 0, 'w1'))).toBe('ok');
      expect(await outcome(claim('r1', 0, 'w2'))).toBe('events.fenced');
      expect(await store.get('runs', 'r1')).toMatchObject({ epoch: 1, owner: 'w1', lease_until: AT + 30_000, seq: 0 });
      expect(await outcome(claim('r1', 1, 'w2'))).toBe('ok');
      expect(await outcome(claim('missing', 0))).toBe('events.fenced');
    });

    it('advance only from exactly where they stand', async () => {
      await store.commit(create('r1', { epoch: 1 }));
      expect(await outcome(advance('r1', 1, 0, { status: 'running', started_at: AT }))).toBe('ok');
      expect(await outcome(advance('r1', 1, 0))).toBe('events.fenced');
      expect(await outcome(advance('r1', 0, 1))).toBe('events.fenced');
      expect(await outcome(advance('r1', 2, 1))).toBe('events.fenced');
      expect(await outcome(advance('r1', 1, 2))).toBe('events.fenced');
      expect(await outcome(advance('missing', 0, 0))).toBe('events.fenced');
      expect(await store.get('runs', 'r1')).toMatchObject({ epoch: 1, seq: 1, status: 'running', started_at: AT });
      expect(await store.find('journal', {})).toEqual([anEntry('r1', 1, 1)]);
    });

    it('change what an advance names and nothing else', async () => {
      const run = aRun('r1', { owner: 'w1', lease_until: 9, priority: 3, started_at: 5 });
      await store.commit({ runs: [{ op: 'create', row: run }] });
      const set = { outputs: { done: true }, error: null, ended_at: AT, paused: true, status: 'waiting' } as const;
      await store.commit(advance('r1', 0, 0, set));
      expect(await store.get('runs', 'r1')).toEqual({ ...run, ...set, seq: 1 });
      await store.commit(advance('r1', 0, 1, { started_at: null, outputs: null, lease_until: 0, owner: '' }));
      expect(await store.get('runs', 'r1')).toMatchObject({
        started_at: null,
        outputs: null,
        lease_until: 0,
        owner: '',
      });
    });

    it('shut out a worker that lost its run, with everything that it brings', async () => {
      await store.commit(create('r1'));
      await store.commit(claim('r1', 0, 'zombie'));
      await store.commit(claim('r1', 1, 'successor'));
      const late: Change = {
        ...advance('r1', 1, 0, { status: 'succeeded' }),
        rows: [{ op: 'put', table: 'settings', row: aSetting('written by a zombie') }],
        events: [anEvent('run:r1')],
        audit: [anAudit('run:r1')],
      };
      expect(await outcome(late)).toBe('events.fenced');
      for (const table of ['journal', 'settings', 'outbox', 'audit'] as const) {
        expect(await store.count(table), table).toBe(0);
      }
      expect(await store.get('runs', 'r1')).toMatchObject({ owner: 'successor', status: 'queued' });
      expect(await outcome(advance('r1', 2, 0))).toBe('ok');
    });

    it.each(['succeeded', 'failed', 'cancelled'] as const)('never change once they %s', async (status) => {
      await store.commit(create('r1'));
      await store.commit(advance('r1', 0, 0, { status, ended_at: AT }));
      expect(await outcome(advance('r1', 0, 1, { status: 'running' }))).toBe('events.fenced');
      expect(await outcome(claim('r1', 0))).toBe('events.fenced');
      expect(await store.get('runs', 'r1')).toMatchObject({ status, seq: 1, epoch: 0 });
    });

    it('can be claimed and advanced by one change', async () => {
      await store.commit(create('r1'));
      const both: Change = {
        runs: [...(claim('r1', 0).runs ?? []), ...(advance('r1', 1, 0).runs ?? [])],
        journal: [anEntry('r1', 1)],
      };
      expect(await outcome(both)).toBe('ok');
      expect(await store.get('runs', 'r1')).toMatchObject({ epoch: 1, seq: 1 });
    });

    it('undo the first of two writes when the second is fenced', async () => {
      await store.commit(create('r1'));
      await store.commit(create('r2'));
      const both: Change = { runs: [...(claim('r1', 0).runs ?? []), ...(claim('r2', 5).runs ?? [])] };
      expect(await outcome(both)).toBe('events.fenced');
      expect(await store.get('runs', 'r1')).toEqual(aRun('r1'));
    });

    it('take journal entries only together with their own creation or advance', async () => {
      await store.commit(create('r1'));
      expect(await outcome({ journal: [anEntry('r1', 1)] })).toBe('events.fenced');
      expect(await outcome({ ...advance('r1', 0, 0), journal: [anEntry('other', 1)] })).toBe('events.fenced');
      expect(await outcome({ ...claim('r1', 0), journal: [anEntry('r1', 1)] })).toBe('events.fenced');
      expect(await store.count('journal')).toBe(0);
      expect((await store.get('runs', 'r1'))?.seq).toBe(0);
    });
  });

  describe('pruned runs', () => {
    const owned = Object.keys(prunedWithRun) as (keyof typeof prunedWithRun)[];
    const ended = async (id: string) => {
      await store.commit(create(id));
      await store.commit(advance(id, 0, 0, { status: 'succeeded', ended_at: AT }));
      await store.commit(belongings(id));
    };

    it('go with everything that belongs to them, and leave that of others', async () => {
      await ended('r1');
      await ended('r2');
      expect(await outcome(prune('r1'))).toBe('ok');
      expect((await store.find('runs', {})).map(({ id }) => id)).toEqual(['r2']);
      for (const table of owned) expect(await store.count(table), table).toBe(1);
      expect((await store.find('journal', {})).map(({ run }) => run)).toEqual(['r2']);
    });

    it('are refused while they have not ended, with all that comes with it', async () => {
      await store.commit(create('r1'));
      await store.commit(advance('r1', 0, 0, { status: 'waiting' }));
      await store.commit(belongings('r1'));
      const change: Change = { ...prune('r1'), rows: [{ op: 'put', table: 'settings', row: aSetting('a') }] };
      expect(await outcome(change)).toBe('events.fenced');
      expect(await outcome(prune('missing'))).toBe('events.fenced');
      expect(await store.count('settings')).toBe(0);
      expect(await store.count('runs')).toBe(1);
      for (const table of owned) expect(await store.count(table), table).toBe(1);
    });

    it('go several by one change, or none of them', async () => {
      for (const id of ['r1', 'r2']) await ended(id);
      await store.commit(create('r3'));
      const all = ['r1', 'r2', 'r3'].map((id) => ({ op: 'prune', id }) as const);
      expect(await outcome({ runs: all })).toBe('events.fenced');
      expect(await store.count('runs')).toBe(3);
      expect(await outcome({ runs: all.slice(0, 2) })).toBe('ok');
      expect((await store.find('runs', {})).map(({ id }) => id)).toEqual(['r3']);
      expect(await store.count('journal')).toBe(0);
    });

    it('leave blobs behind, which a sweep removes when nothing refers to them and they are old', async () => {
      const blob = (id: string, created_at: number) =>
        ({ op: 'put', table: 'blobs', row: { id, bytes: new Uint8Array([1]), size: 1, created_at } }) as const;
      const sweep = { rows: [{ op: 'sweep', table: 'blobs', before: AT }] } as const;
      await ended('r1');
      await store.commit({ rows: [blob('b', AT - 2), blob('old', AT - 1), blob('young', AT)] });
      await store.commit(sweep);
      expect((await store.find('blobs', {})).map(({ id }) => id)).toEqual(['b', 'young']);
      await store.commit({ ...prune('r1'), ...sweep });
      expect((await store.find('blobs', {})).map(({ id }) => id)).toEqual(['young']);
    });

    it('do not lose a blob that gets a new reference while it is swept', async () => {
      const rows = (n: number): Change => ({
        rows: [
          { op: 'put', table: 'blobs', row: { id: `b${n}`, bytes: new Uint8Array([n]), size: 1, created_at: AT } },
          { op: 'put', table: 'blob_refs', row: { id: `b${n}|r`, blob: `b${n}`, run: 'r', at: AT } },
        ],
      });
      const other = (await under.another?.()) ?? store;
      for (let n = 0; n < 30; n++) {
        const old = { id: `b${n}`, bytes: new Uint8Array([n]), size: 1, created_at: AT - 1 };
        await store.commit({ rows: [{ op: 'put', table: 'blobs', row: old }] });
        await Promise.all([
          store.commit(rows(n)),
          other.commit({ rows: [{ op: 'sweep', table: 'blobs', before: AT }] }),
        ]);
      }
      expect(await store.count('blobs')).toBe(30);
      if (other !== store) await other.close();
    });

    it('do not take journal entries', async () => {
      await ended('r1');
      expect(await outcome({ ...prune('r1'), journal: [anEntry('r1', 2)] })).toBe('events.fenced');
      expect(await store.count('journal')).toBe(1);
    });
  });
}

import { type ManualClock, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { errors } from '../errors.ts';
import { createDoorBook, type DoorBook, turnedAwayFrom } from './turned-away.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let store: Store;
let clock: ManualClock;
let trouble: unknown[];
let door: DoorBook;
beforeEach(() => {
  store = createMemoryStore();
  clock = manualClock(Date.UTC(2026, 10, 22, 3, 0));
  trouble = [];
  door = createDoorBook({ store, clock, onRetry: (error) => void trouble.push(error) });
});

const wrong = (reason = 'it carries no token') => errors.unauthenticated({ reason });
const seen = async (id = 'edr') => {
  await door.flush();
  return (await turnedAwayFrom(store, [id], clock.now())).get(id);
};

describe('what is turned away at the door of a source', () => {
  it('is counted for the last hour and day, by reason, with the last one in words', async () => {
    door.note({ id: 'edr' }, wrong(), '10.0.0.1');
    clock.advance(2 * HOUR);
    for (let count = 0; count < 3; count += 1) door.note({ id: 'edr' }, wrong(), '10.0.0.1');
    door.note({ id: 'edr' }, errors.media_type_unsupported({ found: '"text/xml"' }), '10.0.0.2');
    expect(await seen()).toEqual({
      counts: [
        { code: 'ingest.unauthenticated', hour: 3, day: 4 },
        { code: 'ingest.media_type_unsupported', hour: 1, day: 1 },
      ],
      last: {
        at: clock.now(),
        code: 'ingest.media_type_unsupported',
        reason: 'The media type "text/xml" is not read here.',
        address: '10.0.0.2',
      },
    });
    expect(await seen('another')).toBeUndefined();
  });

  it('is forgotten after a day but for when the last one was', async () => {
    const at = clock.now();
    door.note({ id: 'edr' }, wrong(), '');
    await door.flush();
    clock.advance(25 * HOUR);
    expect(await seen()).toMatchObject({ counts: [], last: { at } });
  });

  it('stays small and is written seldom however much is sent', async () => {
    let commits = 0;
    const counting = {
      ...store,
      commit: (change: Parameters<Store['commit']>[0]) => {
        commits += 1;
        return store.commit(change);
      },
    };
    door = createDoorBook({ store: counting, clock, onRetry: (error) => void trouble.push(error) });
    for (let count = 0; count < 5_000; count += 1) door.note({ id: 'edr' }, wrong('x'.repeat(5_000)), '');
    clock.advance(MINUTE);
    await door.flush();
    expect(commits).toBe(1);
    for (let slice = 0; slice < 600; slice += 1) {
      door.note({ id: 'edr' }, wrong(), '');
      clock.advance(5 * MINUTE);
      await door.flush();
    }
    const row = await store.get('turned_away', 'edr');
    expect(row?.slices.length).toBeLessThanOrEqual(290);
    expect(await store.count('turned_away')).toBe(1);
    expect(JSON.stringify(row).length).toBeLessThan(30_000);
    expect(trouble).toEqual([]);
  });

  it('leaves out what stands in the account, and what is no fault of the sender', async () => {
    door.note({ id: 'edr' }, errors.unreadable({ reason: 'it is empty', raw: 'r1' }), '');
    door.note({ id: 'edr' }, new Error('a defect'), '');
    expect(await seen()).toBeUndefined();
  });

  it('adds up over processes, and over a time when the store was away', async () => {
    let away = true;
    const commit: Store['commit'] = (change) => (away ? Promise.reject(new Error('away')) : store.commit(change));
    const other = createDoorBook({ store: { ...store, commit }, clock, onRetry: (error) => void trouble.push(error) });
    other.note({ id: 'edr' }, wrong(), '10.0.0.1');
    door.note({ id: 'edr' }, wrong(), '10.0.0.1');
    await Promise.all([other.flush(), door.flush()]);
    expect(trouble).toHaveLength(1);
    away = false;
    other.note({ id: 'edr' }, wrong(), '10.0.0.1');
    await Promise.all([other.flush(), door.flush()]);
    expect((await seen())?.counts).toEqual([{ code: 'ingest.unauthenticated', hour: 3, day: 3 }]);
  });
});

import { manualClock } from '@counterpoint/core';
import { eventErrors, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRange } from '../testing/range.ts';
import { playbookText } from '../testing/rig.ts';

const HOUR = 3_600_000;

const unlessDenied = playbookText(`  - id: decision
    approval: Isolate pc7?
    covers: [isolate]
    by: { role: analyst }
    timeout: { after: 1h, then: approve }
  - { id: isolate, if: steps.decision.approved, action: fake.isolate, with: { host: pc7 }, lease: { for: 4h } }`);

describe('an approval that nobody decides on and whose time-out approves', () => {
  it('lets the door do what it covers, then and not before', async () => {
    const store = createMemoryStore();
    const { rig, isolated } = await createRange(store, manualClock());
    await rig.publish(unlessDenied);
    await rig.run();
    await rig.settle(HOUR - 1);
    expect([...isolated]).toEqual([]);
    await rig.settle(1_000, 3);
    expect(rig.finished.map(({ status, error }) => [status, error])).toEqual([['succeeded', null]]);
    expect([...isolated]).toEqual(['pc7']);
    expect(await store.find('inbox_items', {})).toMatchObject([{ status: 'approved' }]);
    expect([await store.count('timers'), await store.count('signals')]).toEqual([0, 0]);
  });

  it('does so once when the store was away at that moment', async () => {
    const inner = createMemoryStore();
    let away = false;
    const commit: Store['commit'] = async (change) => {
      if (away) throw eventErrors.store_failed({ reason: 'nobody answers' });
      await inner.commit(change);
    };
    const { rig, isolated } = await createRange({ ...inner, commit }, manualClock());
    await rig.publish(unlessDenied);
    await rig.run();
    await rig.settle();
    away = true;
    await rig.settle(HOUR + 5_000);
    away = false;
    await rig.settle(1_000, 15);
    expect(rig.finished.map(({ status, error }) => [status, error])).toEqual([['succeeded', null]]);
    expect([...isolated]).toEqual(['pc7']);
    expect(await inner.count('audit', { action: 'inbox.decided' })).toBe(1);
  });
});

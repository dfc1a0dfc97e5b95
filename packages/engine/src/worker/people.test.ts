import { voteOn } from '@counterpoint/cases';
import type { InboxItemRow, Store, UserRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, playbookText, type Rig } from '../testing/rig.ts';

const HOUR = 3_600_000;

const approval = playbookText(
  `  - id: decision
    approval: Block \${{ inputs.ip }}?
    covers: [block]
    by: { role: analyst, quorum: 2 }
    timeout: { after: 4h, then: deny }
  - id: block
    if: steps.decision.approved
    action: fake.block
    with: { ip: "\${{ inputs.ip }}" }`,
  `inputs: { ip: { type: string } }
outputs: { approved: "\${{ steps.decision.approved }}" }`,
);

let store: Store;
let rig: Rig;
beforeEach(async () => {
  store = createMemoryStore();
  rig = await createRig(store);
  const users = ['ada', 'ben', 'cleo'].map((id): UserRow => {
    return { id, name: id, role: 'analyst', password_hash: '', disabled: false, created_at: 1, rev: 1 };
  });
  await store.commit({ rows: users.map((row) => ({ op: 'insert', table: 'users', row }) as const) });
  await rig.publish(approval);
});
afterEach(() => rig.engine.stop());

async function openItem(): Promise<InboxItemRow> {
  const [item] = await store.find('inbox_items', { limit: 1 });
  if (!item) throw new Error('nothing was asked');
  return item;
}

async function vote(who: string, word: 'approve' | 'deny' = 'approve'): Promise<InboxItemRow> {
  const item = await openItem();
  const ballot = { vote: word, reason: '', form: null, shown: item.covers_hash, to: '' } as const;
  return voteOn(store, item.id, { ref: `user:${who}`, userId: who }, ballot, rig.clock);
}

async function statusOf(run: string): Promise<string | undefined> {
  return (await store.get('runs', run))?.status;
}

describe('a run that asks people', () => {
  it('sends nothing before, and exactly what they saw after', async () => {
    const run = await rig.run({ ip: '203.0.113.7' });
    await rig.settle();
    expect(await statusOf(run)).toBe('waiting');
    expect(rig.door.sent).toEqual([]);
    const item = await openItem();
    const covers = [
      { step: 'block', kind: 'action', connector: 'fake', action: 'block', input: { ip: '203.0.113.7' } },
    ];
    expect(item).toMatchObject({ run, address: 'decision', status: 'open', quorum: 2, covers });
    await vote('ada');
    await rig.settle();
    expect(rig.door.sent).toEqual([]);
    const decided = await vote('ben');
    await rig.settle();
    expect(rig.door.sent).toMatchObject([
      { input: { ip: '203.0.113.7' }, approval: { item: item.id, hash: decided.covers_hash } },
    ]);
    expect(rig.finished).toMatchObject([{ status: 'succeeded', outputs: { approved: true } }]);
    expect(await store.count('signals')).toBe(0);
    expect(await store.count('timers')).toBe(0);
  });

  it('is told once it is back, when they decided while nobody was there', async () => {
    await rig.run({ ip: '203.0.113.7' });
    await rig.settle();
    await rig.engine.stop();
    await vote('ada');
    await vote('ben');
    expect(await store.count('signals')).toBe(1);
    const next = await rig.restart();
    await rig.settle(1_000, 3);
    expect(rig.door.sent).toHaveLength(1);
    expect(rig.finished).toMatchObject([{ status: 'succeeded' }]);
    expect(await store.count('signals')).toBe(0);
    await next.stop();
  });

  it('still waits after a restart, and asks nobody twice', async () => {
    await rig.run({ ip: '203.0.113.7' });
    await rig.settle();
    await vote('ada');
    await rig.engine.stop();
    const next = await rig.restart();
    await rig.settle(1_000, 3);
    expect(await store.count('inbox_items')).toBe(1);
    await vote('ben');
    await rig.settle(1_000, 3);
    expect(rig.door.sent).toHaveLength(1);
    await next.stop();
  });

  it('goes on as its time-out says when they did not decide', async () => {
    await rig.run({ ip: '203.0.113.7' });
    await rig.settle();
    await vote('ada');
    await rig.settle(4 * HOUR, 1);
    await rig.settle(1_000, 3);
    expect(await openItem()).toMatchObject({ status: 'expired' });
    expect(rig.finished).toMatchObject([{ status: 'succeeded', outputs: { approved: false } }]);
    expect(rig.door.sent).toEqual([]);
    await expect(vote('ben')).rejects.toMatchObject({ code: 'cases.already_decided' });
  });

  it('follows the votes when they were durable before the time-out was noticed', async () => {
    await rig.run({ ip: '203.0.113.7' });
    await rig.settle();
    await rig.engine.stop();
    await vote('ada');
    await vote('ben');
    // The time-out comes to the next process together with the decision; which of both it sees first is chance.
    await store.commit({
      rows: [{ op: 'delete', table: 'signals', id: (await store.find('signals', {}))[0]?.id ?? '' }],
    });
    rig.clock.advance(5 * HOUR);
    const next = await rig.restart();
    await rig.settle(1_000, 3);
    expect(rig.finished).toMatchObject([{ status: 'succeeded', outputs: { approved: true } }]);
    expect(rig.door.sent).toHaveLength(1);
    await next.stop();
  });

  it('does nothing more with a matter whose run was cancelled', async () => {
    const run = await rig.run({ ip: '203.0.113.7' });
    await rig.settle();
    await rig.engine.cancel(run, 'user:ada', 'false alarm');
    await rig.settle();
    expect(await openItem()).toMatchObject({ status: 'cancelled' });
    expect(await statusOf(run)).toBe('cancelled');
    await expect(vote('ben')).rejects.toMatchObject({ code: 'cases.already_decided' });
  });

  it('calls off what was asked in the very turn in which nobody needs it any more', async () => {
    const steps = `  - id: race
    parallel:
      people:
        - id: decision
          approval: Block?
          covers: [block]
          by: { role: analyst }
        - { id: block, if: steps.decision.approved, action: fake.block, with: {} }
      at_once: [{ id: first, set: { x: 1 } }]
    join: any`;
    await rig.publish(playbookText(steps));
    await rig.run();
    await rig.settle();
    expect(rig.finished).toMatchObject([{ status: 'succeeded' }]);
    expect(await openItem()).toMatchObject({ status: 'cancelled' });
  });

  it('is cancelled though its time for people is over at the same moment', async () => {
    const run = await rig.run({ ip: '203.0.113.7' });
    await rig.settle();
    rig.clock.advance(4 * HOUR);
    await rig.engine.cancel(run, 'user:ada', 'false alarm');
    await rig.settle(1_000, 3);
    expect(await statusOf(run)).toBe('cancelled');
    expect((await openItem()).status).toMatch(/cancelled|expired/);
  });
});

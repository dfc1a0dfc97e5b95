import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, playbookText, settled } from '../testing/rig.ts';

const child = playbookText('  - { id: w, wait: { for: 1h } }', 'outputs: { n: 7 }').replace('id: p', 'id: c');
const parent = playbookText('  - { id: sub, call: c }', `outputs: { out: "\${{ steps.sub.n }}" }`);

describe('a run that waits', () => {
  it('leaves memory with the commit that makes it wait, owned by nobody', async () => {
    const rig = await createRig(createMemoryStore());
    let commits = 0;
    rig.store.onCommitted(() => {
      commits += 1;
    });
    await rig.publish(playbookText('  - { id: w, wait: { for: 1h } }'));
    commits = 0;
    const run = await rig.run();
    await settled();
    expect(commits).toBe(1);
    expect(rig.engine.stats()).toEqual({ active: 0, queued: 0 });
    expect(await rig.store.get('runs', run)).toMatchObject({ status: 'waiting', owner: '', lease_until: 0 });
    await rig.settle(3_599_999);
    expect(rig.finished).toEqual([]);
    await rig.settle(1);
    expect(rig.finished).toMatchObject([{ run, status: 'succeeded' }]);
  });

  it('stays when what it waits for is due in a moment', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(playbookText('  - { id: w, wait: { for: 2s } }'));
    const run = await rig.run();
    await settled();
    expect(rig.engine.stats().active).toBe(1);
    await rig.settle(2_000);
    expect(rig.finished).toMatchObject([{ run }]);
    expect((await rig.store.get('runs', run))?.epoch).toBe(1);
  });

  it('is not read by a start that has nothing for it', async () => {
    const inner = createMemoryStore();
    const rig = await createRig(inner);
    await rig.publish(playbookText('  - { id: w, wait: { for: 1h } }'));
    for (let count = 0; count < 50; count++) await rig.run();
    await rig.engine.stop();
    const read: string[] = [];
    const store: typeof inner = {
      ...inner,
      find: (table, query) => {
        read.push(table);
        return inner.find(table, query);
      },
    };
    const again = await rig.restart({ store });
    await settled();
    expect(again.stats().active).toBe(0);
    expect(read).not.toContain('journal');
    expect(read.length).toBeLessThan(15);
  });

  it('for a called run is quiet soon and let go, and hears of the end', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(child);
    await rig.publish(parent);
    const run = await rig.run();
    await rig.settle(1_000, 5);
    expect(rig.engine.stats().active).toBe(0);
    expect(await rig.store.get('runs', run)).toMatchObject({ status: 'waiting', owner: '' });
    await rig.settle(3_600_000);
    await settled();
    expect(rig.finished.map(({ playbook, outputs }) => [playbook, outputs])).toEqual([
      ['c', { n: 7 }],
      ['p', { out: 7 }],
    ]);
    expect(await rig.store.count('signals')).toBe(0);
  });

  it.each(['before', 'after'])(
    'hears of the end of a called run although the process dies right %s it is durable',
    async (when) => {
      const inner = createMemoryStore();
      const rig = await createRig(inner);
      await rig.publish(child);
      await rig.publish(parent);
      const run = await rig.run();
      await rig.settle(1_000, 5);
      await rig.engine.stop();
      const never = new Promise<never>(() => undefined);
      let dead = false;
      const mortal: typeof inner = {
        ...inner,
        onCommitted: () => () => undefined,
        async commit(change) {
          const ends = change.runs?.some((write) => write.op === 'advance' && write.set.status === 'succeeded');
          if (!dead && (!ends || when === 'after')) await inner.commit(change);
          dead ||= ends === true;
          return dead ? never : undefined;
        },
        find: (table, query) => (dead ? never : inner.find(table, query)),
        get: (table, id) => (dead ? never : inner.get(table, id)),
      };
      const dying = await rig.restart({ store: mortal });
      await rig.settle(3_600_000);
      expect(dead).toBe(true);
      expect((await inner.get('runs', run))?.status).toBe('waiting');
      void dying;
      await rig.restart({ workerId: 'w3' });
      await rig.settle(1_000, 3);
      expect(await inner.get('runs', run)).toMatchObject({ status: 'succeeded', outputs: { out: 7 } });
    },
  );

  it('and calls a run that ends while the caller is just being let go, hears of it', async () => {
    const inner = createMemoryStore();
    let held: (() => void) | undefined;
    const store: typeof inner = {
      ...inner,
      async commit(change) {
        const letsGo = change.runs?.some(
          (write) => write.op === 'advance' && write.set.owner === '' && write.set.status === 'waiting',
        );
        // The commit that lets the caller go takes until the called run has ended.
        if (letsGo && !held) await new Promise<void>((resume) => (held = resume));
        await inner.commit(change);
      },
    };
    let answer: (output: { output: object }) => void = () => undefined;
    const behave = () => new Promise<{ output: object }>((resolve) => (answer = resolve));
    const rig = await createRig(store, { product: { behave: behave as never } });
    await rig.publish(
      playbookText('  - { id: a, action: fake.read_slow }', 'outputs: { n: 7 }').replace('id: p', 'id: c'),
    );
    await rig.publish(parent);
    await rig.run();
    await rig.settle(1_000, 5);
    expect(held).toBeDefined();
    answer({ output: {} });
    await settled();
    held?.();
    await rig.settle(1_000, 3);
    expect(rig.finished.map(({ playbook, status }) => `${playbook} ${status}`)).toEqual(['c succeeded', 'p succeeded']);
    expect(await rig.store.count('signals')).toBe(0);
  });
});

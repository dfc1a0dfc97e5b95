import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createFakeDoor, type ProductAnswer, productError } from '../testing/fake-door.ts';
import { createMortalStore } from '../testing/mortal-store.ts';
import { createRig, playbookText } from '../testing/rig.ts';

const HEAD = `inputs: { ip: { type: string, default: 192.0.2.7 } }\noutputs: { block: "\${{ steps.block }}" }`;
const fanning = (steps: string, head = HEAD) =>
  playbookText(steps, head).replace(
    'uses: { fake: fake }',
    'uses: { fw: { capability: block_ip, targets: all }, fake: fake }',
  );
const BLOCK = `  - { id: block, action: fw.block_ip, with: { ip: "\${{ inputs.ip }}" }, lease: { for: 1h } }`;

const targets = ['fw1', 'fw2', 'fw3'].map((connection) => ({ connector: 'fake', action: 'ban', connection }));
const bindAll = () => targets;

describe('engine: an action at every provider of a capability', () => {
  it('has an effect of its own at each, and gives what each answered', async () => {
    const behave = ({ connection = '' }) => ({ output: { rule: `r-${connection}` } });
    const rig = await createRig(createMemoryStore(), { bindAll, product: { behave } });
    await rig.publish(fanning(BLOCK));
    await rig.run();
    await rig.settle(1_000, 3);
    const block = {
      results: targets.map(({ connection }) => ({ connection, output: { rule: `r-${connection}` } })),
      errors: [],
    };
    expect(rig.finished).toMatchObject([{ status: 'succeeded', outputs: { block } }]);
    expect(
      rig.door.sent.map(({ connection, address, action, lease, input }) => [connection, address, action, lease, input]),
    ).toEqual(
      targets.map(({ connection }, index) => [
        connection,
        `block[${index}].block`,
        'ban',
        3_600_000,
        { ip: '192.0.2.7' },
      ]),
    );
    expect(new Set(rig.door.sent.map((request) => request.key)).size).toBe(3);
  });

  it('retries each for itself, and tells who failed; the run goes on', async () => {
    const tries = new Map<string, number>();
    const behave = ({ connection = '' }): ProductAnswer => {
      tries.set(connection, (tries.get(connection) ?? 0) + 1);
      if (connection === 'fw2') return { error: productError('unavailable'), retryable: true };
      return connection === 'fw3' && tries.get(connection) === 1
        ? { error: productError('unavailable'), retryable: true }
        : { output: {} };
    };
    const rig = await createRig(createMemoryStore(), { bindAll, product: { behave } });
    await rig.publish(fanning(BLOCK.replace(' lease:', ' retry: { attempts: 2, delay: 1s }, lease:')));
    await rig.run();
    await rig.settle(1_000, 5);
    const results = ['fw1', 'fw3'].map((connection) => ({ connection, output: {} }));
    const errors = [{ connection: 'fw2', name: 'unavailable' }];
    expect(rig.finished).toMatchObject([{ status: 'succeeded', outputs: { block: { results, errors } } }]);
    expect([...tries.values()]).toEqual([1, 2, 2]);
  });

  it('fails when all of them fail, or when nobody provides it', async () => {
    const behave = () => ({ error: productError('not_found') });
    const rig = await createRig(createMemoryStore(), { bindAll, product: { behave } });
    await rig.publish(fanning(BLOCK));
    await rig.run();
    await rig.settle(1_000, 3);
    expect(rig.finished).toMatchObject([{ status: 'failed', error: { name: 'not_found' } }]);
    const alone = await createRig(createMemoryStore(), { bindAll: () => [] });
    await alone.publish(fanning(BLOCK));
    await alone.run();
    await alone.settle(1_000, 2);
    expect(alone.finished).toMatchObject([{ status: 'failed', error: { code: 'engine.capability_unbound' } }]);
  });

  it('sees guard and arguments from where the step stands, also in loops and branches, and is undone as one', async () => {
    const rig = await createRig(createMemoryStore(), { bindAll });
    await rig.publish(
      fanning(
        `  - id: each
    foreach: "[10, 20]"
    as: n
    do:
      - { id: block, if: index == 1, action: fw.block_ip, with: { ip: "\${{ n + index }}" }, lease: { for: 1h } }
      - { id: behind, set: { seen: "\${{ size(steps.?block.?results.orValue([])) }}" } }
    yield: "\${{ steps.behind.seen }}"
  - { id: back, undo: each }`,
        `outputs: { seen: "\${{ steps.each.items }}" }`,
      ),
    );
    await rig.run();
    await rig.settle(1_000, 4);
    expect(rig.finished).toMatchObject([{ status: 'succeeded', outputs: { seen: [0, 3] } }]);
    expect(rig.door.sent.map(({ address, input }) => [address, input])).toEqual(
      [0, 1, 2].map((index) => [`each[1].block[${index}].block`, { ip: 21 }]),
    );
    expect(rig.door.released.length).toBeGreaterThan(0);
  });

  it('ends with its time-out at the targets that do not answer', async () => {
    const behave = ({ connection }: { connection: string | undefined }) =>
      connection === 'fw2' ? { pending: {}, at: 10_000_000_000_000 } : { output: {} };
    const rig = await createRig(createMemoryStore(), { bindAll, product: { behave } });
    await rig.publish(fanning(BLOCK.replace(' lease:', ' timeout: 5s, lease:')));
    await rig.run();
    await rig.settle(3_000, 4);
    const errors = [{ connection: 'fw2', code: 'engine.timeout' }];
    expect(rig.finished).toMatchObject([{ status: 'succeeded', outputs: { block: { errors } } }]);
    expect(await rig.store.count('timers')).toBe(0);
  });

  it('sends no target twice over crashes at every commit', async () => {
    let cutOff = 0;
    for (const durable of [false, true]) {
      for (let commit = 1; commit < 9; commit++) {
        const inner = createMemoryStore();
        const setUp = await createRig(inner);
        await setUp.publish(fanning(BLOCK));
        await setUp.engine.stop();
        const door = createFakeDoor({ store: inner });
        const mortal = createMortalStore(inner, { commit, durable });
        const first = await createRig(mortal, { bindAll, door, clock: setUp.clock });
        first.run().catch(() => undefined);
        await first.settle(1_000, 3);
        if (mortal.dead) cutOff += 1;
        const next = await createRig(inner, { bindAll, door, clock: setUp.clock, workerId: 'w2' });
        await next.settle(1_000, 5);
        const [run] = await inner.find('runs', {});
        if (!run) continue;
        expect([commit, durable, run.status]).toEqual([commit, durable, 'succeeded']);
        expect(door.sent.map((request) => request.address).sort()).toEqual([0, 1, 2].map((n) => `block[${n}].block`));
      }
    }
    expect(cutOff).toBeGreaterThan(4);
  });
});

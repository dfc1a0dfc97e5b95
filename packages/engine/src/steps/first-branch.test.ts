import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { productError } from '../testing/fake-door.ts';
import { createRig, planOf, playbookText, settled } from '../testing/rig.ts';
import { type Answer, failed, simulate } from '../testing/simulate.ts';

function race(mode: 'fail' | 'collect') {
  const errors = mode === 'collect' ? `, errors: "\${{ steps.p.errors }}"` : '';
  return planOf(
    playbookText(
      `  - id: p
    parallel:
      x: [{ id: x1, action: fake.x }, { id: x2, set: { v: 1 } }]
      y: [{ id: y1, wait: { for: 1h } }, { id: y2, action: fake.y }]
      z: [{ id: z1, action: fake.z }]
    join: any
    on_branch_error: ${mode}
    on_failure: continue`,
      `outputs: { p: "\${{ steps.?p }}", e: "\${{ outcome.p.?error }}", y1: "\${{ outcome.y1.status }}"${errors} }`,
    ),
  );
}

const only =
  (...names: string[]): Answer =>
  ({ step }) =>
    names.includes(step) ? { status: 'succeeded', output: {} } : failed(`bad_${step}`);

describe('parallel with join: any', () => {
  it('ends with the first branch that ends well, cancels the rest and names it', () => {
    const { state, commands } = simulate(race('fail'), { answer: only('x1', 'z1') });
    expect(state.ending?.outputs).toEqual({ p: { first: 'x' }, e: null, y1: 'cancelled' });
    expect(commands).toContainEqual({ kind: 'clear_timer', address: 'y1', timer: 'wait' });
  });

  it('goes on after a branch that failed, and collects its error where asked', () => {
    expect(simulate(race('fail'), { answer: only('z1') }).state.ending?.outputs).toMatchObject({ p: { first: 'z' } });
    expect(simulate(race('collect'), { answer: only('z1') }).state.ending?.outputs).toMatchObject({
      p: { first: 'z', errors: [{ branch: 'x', name: 'bad_x1' }] },
    });
  });

  it.each([0, 1, 2])('fails like its first branch when all fail, in whatever order', (first) => {
    const choose = (waiting: readonly unknown[]) => Math.min(first, waiting.length - 1);
    const { state } = simulate(race('fail'), { answer: only(), choose });
    expect(state.ending?.outputs).toMatchObject({ p: null, e: { name: 'bad_x1' } });
    const collected = simulate(race('collect'), { answer: only(), choose }).state.ending?.outputs;
    expect(collected).toMatchObject({ p: { errors: [{ branch: 'x' }, { branch: 'y' }, { branch: 'z' }] }, e: null });
    expect((collected as { p: object }).p).not.toHaveProperty('first');
  });

  it('keeps the receipt of a call that was under way when another branch won', async () => {
    let answer = (): void => undefined;
    const rig = await createRig(createMemoryStore(), {
      product: {
        behave: async ({ action }) => {
          if (action !== 'slow') return { output: {} };
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
          return { output: { late: true } };
        },
      },
    });
    await rig.publish(
      playbookText(`  - id: p
    parallel: { slow: [{ id: s, action: fake.slow }], quick: [{ id: q, action: fake.quick }] }
    join: any
  - { id: then, wait: { for: 1h } }`),
    );
    const run = await rig.run();
    await settled();
    answer();
    await settled();
    const effects = await rig.store.find('effects', { where: { run } });
    expect(effects.map(({ address, state }) => [address, state]).toSorted()).toEqual([
      ['q', 'performed'],
      ['s', 'performed'],
    ]);
    expect((await rig.store.get('runs', run))?.status).toBe('waiting');
  });

  it('sends nothing in a branch that has lost', async () => {
    const rig = await createRig(createMemoryStore(), {
      product: { behave: ({ action }) => (action === 'a' ? { output: {} } : { error: productError('not_found') }) },
    });
    await rig.publish(
      playbookText(`  - id: p
    parallel: { one: [{ id: a, action: fake.a }], two: [{ id: w, wait: { for: 1s } }, { id: b, action: fake.b }] }
    join: any`),
    );
    await rig.run();
    await rig.settle(2_000, 2);
    expect(rig.finished).toMatchObject([{ status: 'succeeded' }]);
    expect(rig.door.sent.map(({ address }) => address)).toEqual(['a']);
  });
});

describe('a run that is too long', () => {
  it('is stopped with its own error, and its last lists still run', async () => {
    const rig = await createRig(createMemoryStore(), { limits: { runEntries: 5_000 } });
    await rig.publish(
      playbookText(
        `  - id: outer
    while: carry.n < 9000
    max_iterations: 9000
    carry: { n: { from: 0, next: "\${{ carry.n + 1 }}" } }
    do: [{ id: s, set: { v: 1 } }]`,
        `on_error: [{ id: tell, action: fake.tell, with: { why: "\${{ error.name }}" } }]`,
      ),
    );
    const run = await rig.run();
    await rig.settle(10, 20);
    expect(rig.finished).toMatchObject([{ status: 'failed', error: { code: 'engine.run_too_long' } }]);
    expect(rig.door.sent.map(({ input }) => input)).toEqual([{ why: 'run_too_long' }]);
    expect(await rig.store.count('journal', { run })).toBeLessThan(12_000);
  });

  it('is stopped at once when its last lists do not end either', async () => {
    const rig = await createRig(createMemoryStore(), { limits: { runEntries: 5_000 } });
    const loop = (id: string) =>
      `  - { id: ${id}, while: carry.n < 9000, max_iterations: 9000, carry: { n: { from: 0, next: "\${{ carry.n + 1 }}" } }, do: [{ id: ${id}s, set: { v: 1 } }] }`;
    await rig.publish(playbookText(loop('a'), `on_error:\n${loop('b')}\nfinally:\n${loop('c')}`));
    await rig.run();
    await rig.settle(10, 20);
    expect(rig.finished).toMatchObject([{ status: 'failed', error: { code: 'engine.run_too_long' } }]);
  });
});

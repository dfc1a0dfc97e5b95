import { manualClock } from '@counterpoint/core';
import type { RunRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeDoor, type FakeDoor, productError } from '../testing/fake-door.ts';
import { createMortalStore, type Death } from '../testing/mortal-store.ts';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const RUNS = 4;

const PARENT = playbookText(
  `  - { id: first, set: { v: 1 } }
  - { id: block, action: fake.block, with: { n: "\${{ inputs.n }}" }, retry: { attempts: 3, delay: 2s } }
  - { id: look, action: fake.read_it, with: { n: "\${{ inputs.n }}" } }
  - id: each
    foreach: "[1, 2, 3]"
    as: item
    max_parallel: 2
    do: [{ id: tag, action: fake.tag, with: { item: "\${{ item }}" } }]
    yield: "\${{ item * 10 }}"
  - { id: child, call: c, with: { n: "\${{ inputs.n }}" } }
  - { id: told, publish: test.told.v1, data: { n: "\${{ inputs.n }}" } }`,
  `inputs: { n: { type: integer } }
outputs: { items: "\${{ steps.each.items }}", child: "\${{ steps.child.double }}" }
finally: [{ id: last, action: fake.close }]`,
);
const CHILD = playbookText(
  `  - { id: inner, action: fake.inner }\n  - { id: set, set: { v: "\${{ inputs.n * 2 }}" } }`,
  `inputs: { n: { type: integer } }\noutputs: { double: "\${{ steps.set.v }}" }`,
).replace('id: p', 'id: c');

/** The products, outside of everything that dies; sees every call, and whether it should have been made. */
function createOracle(inner: Store) {
  const calls = new Map<string, number>();
  const violations: string[] = [];
  const door: FakeDoor = createFakeDoor({
    store: inner,
    async behave(request) {
      const name = `${request.run}/${request.address}`;
      calls.set(name, (calls.get(name) ?? 0) + 1);
      const ended = await inner.find('journal', {
        where: { run: request.run, address: request.address, kind: 'step_ended' },
      });
      if (ended.length > 0) violations.push(`${name} was executed after it had ended`);
      await new Promise((resolve) => setImmediate(resolve));
      if (request.action === 'block' && calls.get(name) === 1)
        return { error: productError('unavailable'), retryable: true };
      return { output: { n: request.input.n ?? 0 } };
    },
    // What was refused is known as such; what was carried out is found in force.
    reconcile: (request) =>
      request.action === 'block' && (calls.get(`${request.run}/${request.address}`) ?? 0) < 2
        ? { error: productError('unavailable') }
        : { output: { verified: true } },
  });
  return { door, calls, violations };
}

/** Lives one process after another on one store; gives what was seen from outside. */
async function live(deaths: readonly Death[]) {
  const inner = createMemoryStore();
  const clock = manualClock();
  const oracle = createOracle(inner);
  /** Undefined when it died before it was ready. */
  const born = async (death: Death | undefined): Promise<{ rig: Rig; dead: () => boolean } | undefined> => {
    const store = createMortalStore(inner, death);
    const birth = createRig(store, { door: oracle.door, clock });
    const rig = await Promise.race([birth, settled().then(() => undefined)]);
    return rig && { rig, dead: () => store.dead };
  };
  const setup = await createRig(inner, { clock });
  await setup.publish(PARENT);
  await setup.publish(CHILD);
  await setup.engine.stop();

  const acknowledged: string[] = [];
  let started = 0;
  for (const death of [...deaths, undefined]) {
    const life = await born(death);
    if (!life) continue;
    const { rig, dead } = life;
    for (; started < RUNS && !dead(); started++) void rig.run({ n: started }).then((run) => acknowledged.push(run));
    for (let turn = 0; turn < 12 && !dead(); turn++) await rig.settle(1_500);
  }
  const runs = await inner.find('runs', { limit: 1_000 });
  return { inner, oracle, acknowledged, runs };
}

const unfinished = (runs: readonly RunRow[]) =>
  runs.filter((run) => run.status !== 'succeeded').map((run) => `${run.id} ${run.status}`);

describe('engine: death at any commit', () => {
  it('loses no run, executes no completed step again, and repeats no effect that was carried out', async () => {
    const death = fc.record({ commit: fc.integer({ min: 1, max: 40 }), durable: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(death, { minLength: 1, maxLength: 5 }), async (deaths) => {
        const { oracle, acknowledged, runs, inner } = await live(deaths);
        expect(unfinished(runs)).toEqual([]);
        expect(acknowledged.filter((id) => !runs.some((run) => run.id === id))).toEqual([]);
        expect(oracle.violations).toEqual([]);
        for (const [name, count] of oracle.calls) {
          const allowed = (name.endsWith('/block') ? 2 : 1) + (name.endsWith('/look') ? deaths.length : 0);
          expect(`${name} ${Math.min(count, allowed)}`).toBe(`${name} ${count}`);
        }
        const parents = runs.filter((run) => run.playbook === 'p');
        for (const run of parents) {
          const { n } = run.inputs as { n: number };
          expect(run.outputs).toEqual({ items: [10, 20, 30], child: n * 2 });
        }
        expect(runs).toHaveLength(parents.length * 2);
        expect(await inner.count('outbox')).toBe(parents.length);
        expect(await inner.count('timers')).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('can fail: a run that nobody takes up again is seen as unfinished', async () => {
    const inner = createMemoryStore();
    await (await createRig(inner)).publish(CHILD);
    const rig = await createRig(createMortalStore(inner, { commit: 1, durable: true }));
    void rig.run({ n: 1 }, 'c');
    await settled();
    expect(unfinished(await inner.find('runs', {}))).toHaveLength(1);
  });
});

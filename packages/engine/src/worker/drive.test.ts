import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { newState } from '../interpreter/state.ts';
import { createRig, playbookText, settled } from '../testing/rig.ts';
import { newActiveRun } from './active-run.ts';
import { post } from './drive.ts';
import { defaultEngineLimits } from './options.ts';
import type { Worker } from './worker.ts';

/** A worker that can take turns, and a run of it that stands in the store. */
async function createTurns() {
  const rig = await createRig(createMemoryStore(), { product: { behave: () => new Promise(() => undefined) } });
  await rig.publish(playbookText('  - { id: a, action: fake.read_slow }'));
  const row = await rig.store.get('runs', await rig.run());
  if (!row) throw new Error('the run is not in the store');
  const { store, door, clock, plans } = rig;
  const worker = {
    options: { store, door, clock, plans, jitter: () => 0 },
    limits: defaultEngineLimits,
    runs: new Map(),
    underWay: new Set(),
  } as unknown as Worker;
  const life = { stored: true, now: 0, ownedUntil: Number.POSITIVE_INFINITY };
  return { worker, run: newActiveRun(row, await plans.current('p'), newState(row), life) };
}

describe('drive', () => {
  // One turn takes a few microtasks to end: somewhere among these is each moment between its last look and its end.
  it.each(Array.from({ length: 25 }, (_, moments) => moments))(
    'hears of what arrives %i microtasks after a decision',
    async (moments) => {
      const { worker, run } = await createTurns();
      let heard = false;
      const arrive = async (): Promise<void> => {
        for (let moment = 0; moment < moments; moment++) await undefined;
        post(worker, run, { happening: { kind: 'continue' }, change: undefined, done: () => (heard = true) });
      };
      post(worker, run, { happening: { kind: 'continue' }, change: undefined, done: () => void arrive() });
      await settled();
      expect(heard).toBe(true);
      expect(run.turning).toBe(false);
    },
  );
});

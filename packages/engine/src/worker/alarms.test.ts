import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, playbookText, settled } from '../testing/rig.ts';

const HOUR = 3_600_000;

const waitFor = (time: string) => playbookText(`  - { id: w, wait: { for: ${time} } }`);

async function waitingRig(time: string) {
  const rig = await createRig(createMemoryStore());
  await rig.publish(waitFor(time));
  const run = await rig.run();
  await settled();
  return { rig, run };
}

/** Lets seconds pass as they do, without looking into the future. */
async function seconds(rig: Awaited<ReturnType<typeof createRig>>, count: number) {
  for (let tick = 0; tick < count * 2; tick++) {
    rig.clock.advance(500);
    await settled();
  }
}

describe('stored timers', () => {
  it.each([2, 2 * 3_600])('ring within a second when the clock is set forward past them (%i s)', async (length) => {
    const { rig } = await waitingRig(`${length}s`);
    rig.clock.step(3 * HOUR);
    await seconds(rig, 1);
    expect(rig.finished).toHaveLength(1);
  });

  it('are not early by the wall clock when that is set back, even those that were about to ring', async () => {
    const { rig } = await waitingRig('2s');
    await seconds(rig, 1);
    rig.clock.step(-HOUR);
    await seconds(rig, 5);
    expect(rig.finished).toEqual([]);
    rig.clock.step(HOUR);
    await seconds(rig, 1);
    expect(rig.finished).toHaveLength(1);
  });

  it('ring at their very moment when the clock is left alone', async () => {
    const { rig } = await waitingRig('10m');
    for (const millis of [598_900, 500, 599]) {
      rig.clock.advance(millis);
      await settled();
    }
    expect(rig.finished).toEqual([]);
    rig.clock.advance(1);
    await settled();
    expect(rig.finished).toHaveLength(1);
  });

  it('ring once for each of very many runs that are due together after a long stop', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(waitFor('1h'));
    for (let count = 0; count < 700; count++) await rig.run();
    await rig.engine.stop();
    rig.clock.advance(2 * HOUR);
    await rig.restart({ workerId: 'w2' });
    for (let tick = 0; tick < 40 && rig.finished.length < 700; tick++) await seconds(rig, 1);
    expect(rig.finished).toHaveLength(700);
    expect(new Set(rig.finished.map(({ run }) => run)).size).toBe(700);
    expect(await rig.store.count('timers')).toBe(0);
  });

  it('of runs that have ended are removed', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(playbookText('  - { id: a, set: { v: 1 } }'));
    const run = await rig.run();
    const row = { id: 't', run, address: 'a', kind: 'wait', due_at: rig.clock.now(), data: null };
    await rig.store.commit({ rows: [{ op: 'put', table: 'timers', row }] });
    await seconds(rig, 2);
    expect(await rig.store.count('timers')).toBe(0);
  });
});

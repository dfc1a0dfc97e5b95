import { manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { causality, createRange } from '../testing/range.ts';
import { playbookText, type Rig } from '../testing/rig.ts';

const ISOLATE = playbookText(`  - { id: open, action: case.open, with: { title: Infected } }
  - { id: isolate, action: fake.isolate, with: { host: pc7 }, lease: { while: case_open } }`);

async function finished(rig: Rig): Promise<void> {
  await rig.settle(1_000, 5);
  for (const one of rig.finished) expect([one.status, one.error]).toEqual(['succeeded', null]);
}

describe('engine: a lease while the case of the run is open', () => {
  it('two runs with a case each isolate one host: it stays isolated until the second case is closed', async () => {
    const store = createMemoryStore();
    const { rig, isolated, close } = await createRange(store, manualClock());
    await rig.publish(ISOLATE);
    await rig.run();
    await rig.run();
    await finished(rig);
    const runs = await store.find('runs', {});
    const [first, second] = runs.map((run) => run.case_id ?? '') as [string, string];
    expect(new Set([first, second]).size).toBe(2);
    await close(first);
    expect([...isolated]).toEqual(['pc7']);
    await close(second);
    expect([...isolated]).toEqual([]);
  });

  it('a run without a case is told to open one, and acts on nothing', async () => {
    const { rig, isolated } = await createRange(createMemoryStore(), manualClock());
    await rig.publish(
      playbookText('  - { id: a, action: fake.isolate, with: { host: pc7 }, lease: { while: case_open } }'),
    );
    await rig.run();
    await rig.settle(1_000, 3);
    expect(rig.finished).toMatchObject([{ status: 'failed', error: { code: 'engine.no_case' } }]);
    expect([...isolated]).toEqual([]);
  });

  it('the case is that of the trigger, and a called playbook works for the case of its caller', async () => {
    const store = createMemoryStore();
    const { rig, isolated, close } = await createRange(store, manualClock());
    const step = '  - { id: a, action: fake.isolate, with: { host: pc7 }, lease: { while: case_open } }';
    await rig.publish(playbookText(step).replace('id: p\n', 'id: inner\n'));
    await rig.publish(playbookText('  - { id: c, call: inner }'));
    const opened = 'case-1';
    const trigger = { kind: 'case', id: 'case', key: 'e1' } as const;
    const event = { case: { id: opened, title: 'Infected' }, change: 'opened' };
    const row = { ...causality, id: opened, title: 'Infected', status: 'open', severity: 0, owner: null, summary: '' };
    const more = { verdict: 'unknown', simulated: false, created_at: 1, updated_at: 1, closed_at: null, rev: 1 };
    await store.commit({ rows: [{ op: 'insert', table: 'cases', row: { ...row, ...more } as never }] });
    await rig.engine.startRun({ playbook: 'p', trigger, event, causality });
    await finished(rig);
    expect((await store.find('runs', {})).map((run) => run.case_id)).toEqual([opened, opened]);
    expect([...isolated]).toEqual(['pc7']);
    await close(opened);
    expect([...isolated]).toEqual([]);
  });
});

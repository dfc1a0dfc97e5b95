import type { ConnectorManifest } from '@counterpoint/connector-kit';
import type { SavingRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, playbookText } from '../testing/rig.ts';
import { countLater, countSavings } from './count-savings.ts';

const HOUR = 3_600_000;

/** Connectors that state minutes for their actions, two of them for one capability. */
const manifests = new Map(
  Object.entries({
    fake: { actions: { read: { minutes_saved: 3 }, read_slow: {} }, capabilities: { look_up: 'read' } },
    other: { actions: { find: { minutes_saved: 1.5 } }, capabilities: { look_up: 'find' } },
  }) as unknown as [string, ConnectorManifest][],
);

async function counted(text: string, runs: number) {
  const store = createMemoryStore();
  const rig = await createRig(store);
  await rig.publish(text);
  for (let index = 0; index < runs; index++) await rig.run({});
  await rig.settle(1_000);
  const now = rig.clock.now() + HOUR;
  const options = { store, plans: rig.plans, manifests };
  const first = await countSavings(options, now);
  const again = await countSavings(options, now);
  return { store, first, again, rows: await saved(store), options, now, rig };
}

const saved = async (store: Store): Promise<readonly Partial<SavingRow>[]> =>
  (await store.find('savings', {})).map(({ action, steps, minutes, playbook }) => ({
    action,
    steps,
    minutes,
    playbook,
  }));

describe('counting saved minutes', () => {
  it('takes what the connector states for an action, and what the playbook declares before it', async () => {
    const text = playbookText(
      [
        '  - { id: a, action: fake.read }',
        '  - { id: b, action: fake.read, minutes_saved: 10 }',
        '  - { id: c, set: { v: 1 }, minutes_saved: 2 }',
      ].join('\n'),
    );
    const { rows, first, again } = await counted(text, 2);
    expect([first, again]).toEqual([2, 0]);
    expect(rows.toSorted((x, y) => String(x.action).localeCompare(String(y.action)))).toEqual([
      { playbook: 'p', action: 'fake.read', steps: 4, minutes: 26 },
      { playbook: 'p', action: 'set', steps: 2, minutes: 4 },
    ]);
  });

  it('counts each round of a loop, and nothing that was skipped', async () => {
    const text = playbookText(
      [
        '  - { id: each, foreach: "[1, 2, 3]", as: n, do: [{ id: a, action: fake.read }] }',
        '  - { id: no, if: "false", action: fake.read }',
      ].join('\n'),
    );
    expect((await counted(text, 1)).rows).toEqual([{ playbook: 'p', action: 'fake.read', steps: 3, minutes: 9 }]);
  });

  it('adds to what stands, counts no run twice, and leaves runs that have only just ended', async () => {
    const { store, options, rig, now } = await counted(playbookText('  - { id: a, action: fake.read }'), 1);
    await rig.run({});
    await rig.settle();
    const ended = rig.clock.now();
    expect(await countSavings(options, ended)).toBe(0);
    expect(await countSavings(options, now)).toBe(1);
    expect(await saved(store)).toEqual([{ playbook: 'p', action: 'fake.read', steps: 2, minutes: 6 }]);
  });

  it('counts what an edge node brings when it comes, once, however long ago it ended', async () => {
    const { store, options, now } = await counted(playbookText('  - { id: a, action: fake.read }'), 1);
    const [run] = await store.find('runs', {});
    if (!run) throw new Error('there is no run');
    const copy = { ...run, id: 'brought', trigger_key: 'edge|k', site: 'plant', ended_at: 2 };
    const journal = (await store.find('journal', { where: { run: run.id } })).map((entry) => ({
      ...entry,
      run: copy.id,
    }));
    const brings = { runs: [{ op: 'create', row: copy }], journal, rows: [countLater(copy.id, now)] } as const;
    await store.commit(brings);
    expect(await countSavings(options, now)).toBe(0);
    expect(await countSavings(options, now + HOUR)).toBe(1);
    expect(await countSavings(options, now + HOUR)).toBe(0);
    expect((await store.find('savings', { where: { hour: 0 } })).map(({ minutes }) => minutes)).toEqual([3]);
    expect(await store.find('savings', {})).toHaveLength(2);
  });

  it('invents nothing where nobody states anything', async () => {
    const { rows, first } = await counted(playbookText('  - { id: a, action: fake.read_slow }'), 1);
    expect([first, rows]).toEqual([1, []]);
  });

  it('names apart what belongs to a story in which a simulator made changes, though it made none itself', async () => {
    const { store, rig, options, now } = await counted(
      playbookText('  - { id: a, set: { v: 1 }, minutes_saved: 3 }'),
      1,
    );
    const [run] = await store.find('runs', {});
    const change = { id: 'e', trace: run?.trace, run: 'of_another', state: 'performed', simulated: true, rev: 1 };
    await store.commit({ rows: [{ op: 'insert', table: 'effects', row: change } as never] });
    await rig.run({});
    await rig.settle(1_000);
    const [, next] = await store.find('runs', {});
    expect(next?.trace).toBe(run?.trace);
    await countSavings(options, now + HOUR);
    const rows = await store.find('savings', {});
    expect(rows.map(({ simulated, minutes }) => [simulated, minutes]).toSorted()).toEqual([
      [false, 3],
      [true, 3],
    ]);
  });
});

import type { ConnectorManifest } from '@counterpoint/connector-kit';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { countSavings } from '../savings/count-savings.ts';
import { productError } from '../testing/fake-door.ts';
import { createRig, playbookText, type Rig } from '../testing/rig.ts';
import { createRunViews, type RunViews } from './run-views.ts';

const LOOP = playbookText(
  `  - id: choice
    if: size(inputs.list) > 1
    then: [{ id: many, set: { n: 2 } }]
    else: [{ id: few, set: { n: 1 } }]
  - id: each
    foreach: inputs.list
    as: item
    max_parallel: 3
    on_item_error: collect
    do:
      - { id: look, title: Look it up, action: fake.look, with: { v: "\${{ item }}" } }
      - id: deep
        if: steps.look.v > 2
        then: [{ id: block, action: fake.block, with: { v: "\${{ item }}" } }]
  - { id: last, action: fake.block, with: { v: 99 } }`,
  'inputs: { list: { type: array, items: { type: integer } } }',
);
/** What a look-up saves is stated; what a block saves is not. */
const manifests = new Map([
  ['fake', { actions: { look: { minutes_saved: 2 }, block: {} } } as unknown as ConnectorManifest],
]);
const ALL = { status: [], limit: 500 } as const;

let rig: Rig;
let views: RunViews;
beforeEach(async () => {
  const store = createMemoryStore();
  rig = await createRig(store, {
    product: {
      behave: ({ input }) =>
        input.v === 4 ? { error: productError('not_found'), retryable: false } : { output: { v: input.v ?? null } },
    },
  });
  views = createRunViews({ store, clock: rig.clock, plans: rig.plans, manifests });
});

async function ran(list: readonly number[], text = LOOP): Promise<string> {
  await rig.publish(text);
  const run = await rig.run({ list });
  await rig.settle();
  return run;
}

const addresses = (page: { readonly steps: readonly { readonly record: { readonly address: string } }[] }) =>
  page.steps.map(({ record }) => record.address);

describe('the steps of a run', () => {
  it('are listed with where they stand, what they do, took and gave', async () => {
    const run = await ran([1, 3]);
    const { steps, next } = await views.steps(run, ALL);
    expect(next).toBeNull();
    const byAddress = new Map(steps.map((step) => [step.record.address, step]));
    expect(byAddress.get('many')?.place).toMatchObject({ kind: 'set', parent: 'choice', slot: '0' });
    expect(byAddress.get('each[1]')).toMatchObject({ place: { kind: 'round', parent: 'each' }, input: { text: '3' } });
    expect(byAddress.get('each[1].look')).toMatchObject({
      place: { kind: 'action', title: 'Look it up', does: 'fake.look', parent: 'each[1]', slot: 'do' },
      input: { text: '{"v":3}' },
      output: { text: '{"v":3}', size: 7 },
      effect: { action: 'look' },
    });
    expect(byAddress.get('each[1].block')?.place).toMatchObject({ parent: 'each[1].deep', slot: '0' });
    expect(byAddress.get('last')?.place).toMatchObject({ parent: '', slot: 'main' });
  });

  it('are filtered by round, status and text, page by page', async () => {
    const run = await ran([1, 2, 3, 4, 5]);
    expect(addresses(await views.steps(run, { ...ALL, under: '' }))).toEqual(['choice', 'many', 'each', 'last']);
    const first = await views.steps(run, { ...ALL, under: 'each', limit: 2 });
    expect(addresses(first)).toEqual(['each[0]', 'each[1]']);
    const rest = await views.steps(run, { ...ALL, under: 'each', after: first.next ?? -1 });
    expect(addresses(rest)).toEqual(['each[2]', 'each[3]', 'each[4]']);
    expect(addresses(await views.steps(run, { ...ALL, under: 'each', status: ['failed'] }))).toEqual(['each[3]']);
    expect(addresses(await views.steps(run, { ...ALL, q: 'not_found' }))).toEqual(['each', 'each[3]', 'each[3].look']);
    expect(addresses(await views.steps(run, { ...ALL, under: 'each', q: '5' }))).toEqual(['each[4]']);
  });

  it('are shown whole one by one, with their neighbours in the loop', async () => {
    const run = await ran([1, 4]);
    expect(await views.step(run, 'each[1].look')).toMatchObject({
      input: { v: 4 },
      output: null,
      error: { code: 'connector.not_found', step: 'each[1].look' },
      record: { attempts: [{ number: 1, status: 'failed' }] },
      effects: [{ action: 'look', state: 'failed' }],
      verbs: { retry: false, skip: false, resolve: false, retryFrom: false, retryFromBlock: 'each' },
    });
    expect(await views.step(run, 'each[1]')).toMatchObject({ input: 4, before: 'each[0]', after: null });
    expect(await views.step(run, 'last')).toMatchObject({ verbs: { retryFrom: true, retryFromBlock: '' } });
    await expect(views.step(run, 'each[9].look')).rejects.toMatchObject({ code: 'engine.step_unheard', status: 404 });
    await expect(views.step('nothing', 'a')).rejects.toMatchObject({ code: 'engine.run_gone', status: 404 });
  });

  it('are summed up for the overview, which follows the run', async () => {
    await rig.publish(
      playbookText('  - { id: w, wait: { for: 5s } }\n  - { id: a, action: fake.look, with: { v: 1 } }'),
    );
    const run = await rig.run();
    await rig.settle();
    const before = await views.overview(run);
    expect(before).toMatchObject({
      known: true,
      number: 1,
      open: [{ address: 'w', status: 'waiting' }],
      verbs: { pause: true, resume: false, cancel: true, migrate: false, rerun: true },
      steps: [{ step: 'w', waitsFor: 'time', counts: { waiting: 1 } }],
    });
    await rig.settle(5_000);
    expect(await views.overview(run)).toMatchObject({
      run: { status: 'succeeded' },
      open: [],
      verbs: { pause: false, cancel: false, rerun: true },
      steps: [
        { step: 'w', longest: 5_000, waitsFor: null },
        { step: 'a', counts: { succeeded: 1 } },
      ],
    });
  });

  it('are shown although the version is gone', async () => {
    const run = await ran([1]);
    const gone = createRunViews({
      store: rig.store,
      clock: rig.clock,
      manifests,
      plans: { byVersion: (version) => rig.plans.byVersion(`no-${version}`) },
    });
    expect(await gone.overview(run)).toMatchObject({ known: false, saved: null });
    expect((await gone.steps(run, { ...ALL, under: 'each[0]' })).steps[0]?.place.kind).toBe('step');
    expect((await gone.step(run, 'last')).verbs.retryFrom).toBe(false);
  });

  it('leave large values apart in lists and give them whole one by one', async () => {
    const text = 'counterpoint '.repeat(8_000);
    const store = createMemoryStore();
    const own = await createRig(store, { product: { behave: () => ({ output: { text } }) } });
    await own.publish(playbookText('  - { id: a, action: fake.look, with: { v: 1 } }'));
    const run = await own.run();
    await own.settle();
    const large = createRunViews({ store, clock: own.clock, plans: own.plans, manifests });
    const [step] = (await large.steps(run, ALL)).steps;
    expect(step?.output).toEqual({ text: '', size: JSON.stringify({ text }).length });
    expect((await large.step(run, 'a')).output).toEqual({ text });
    const facts = (await large.facts(run, { after: 0, limit: 100 })).facts;
    expect(JSON.stringify(facts).length).toBeLessThan(10_000);
  });
});

describe('what a run saved', () => {
  it('is told once it has ended, and is what is counted of all runs', async () => {
    const run = await ran([1, 3, 4]);
    const { saved } = await views.overview(run);
    // One of the three look-ups failed; the product of the rig is a simulated one.
    expect(saved).toEqual({ minutes: 4, simulated: true, by: [{ action: 'fake.look', steps: 2, minutes: 4 }] });
    const { store, clock, plans } = rig;
    await countSavings({ store, plans, manifests }, clock.now() + 3_600_000);
    const [row, ...others] = await store.find('savings', {});
    expect(row).toMatchObject({ action: 'fake.look', steps: 2, minutes: saved?.minutes, simulated: saved?.simulated });
    expect(others).toEqual([]);
  });

  it('is not told while it goes on, and is nothing where nobody states anything', async () => {
    const wait = '  - { id: w, wait: { for: 5s } }';
    await rig.publish(playbookText(`  - { id: a, set: { v: 1 }, minutes_saved: 3 }\n${wait}`));
    const run = await rig.run();
    await rig.settle();
    expect((await views.overview(run)).saved).toBeNull();
    await rig.settle(5_000);
    const saved = { minutes: 3, simulated: false, by: [{ action: 'set', steps: 1, minutes: 3 }] };
    expect((await views.overview(run)).saved).toEqual(saved);
    await rig.publish(playbookText(wait));
    const idle = await rig.run();
    await rig.settle();
    await rig.settle(5_000);
    expect((await views.overview(idle)).saved).toEqual({ minutes: 0, simulated: false, by: [] });
  });
});

describe('two runs', () => {
  it('are compared: inputs, the way they took, calls of one only', async () => {
    const a = await ran([1]);
    const b = await ran([1, 3]);
    const { compared } = await views.compare(a, b);
    expect(compared.inputs).toEqual([{ about: 'list', before: '[1]', after: '[1,3]' }]);
    expect(compared.first).toEqual({ step: 'few', before: 'succeeded', after: 'not taken' });
    expect(compared.onlyA).toEqual([]);
    expect(compared.onlyB.map(({ address, name }) => [address, name])).toEqual([
      ['each[1].look', 'fake.look'],
      ['each[1].block', 'fake.block'],
    ]);
    expect(compared.steps.find(({ address }) => address === 'last')).toMatchObject({
      sameInput: true,
      sameOutput: true,
      a: { status: 'succeeded' },
    });
    expect(compared.steps[0]).not.toMatchObject({ address: 'last' });
    const same = await views.compare(a, a);
    expect(same.compared).toMatchObject({ inputs: [], ends: [], onlyA: [], onlyB: [], more: false });
    expect(same.compared.first).toBeUndefined();
  });
});

import { manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { enablePlaybook } from '../playbooks/publish.ts';
import { createRig, type Rig } from '../testing/rig.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

const HOUR = 3_600_000;
const hourly = (missed: string, minute = 0, inputs = '') =>
  `kind: playbook/v1\nid: sweep\ntitle: T\non: [{ schedule: "${minute} * * * *", missed: ${missed}, id: hourly }]\n${inputs}steps: [{ id: a, set: { at: "\${{ event.scheduled_at }}" } }]\noutputs: { at: "\${{ steps.a.at }}" }\n`;

let rig: Rig;
let problems: unknown[];
let scheduler: Scheduler;
const make = () =>
  createScheduler({
    store: rig.store,
    clock: rig.clock,
    plans: rig.plans,
    startRun: (request) => rig.engine.startRun(request),
    onProblem: (_schedule, error) => problems.push(error),
  });
beforeEach(async () => {
  problems = [];
  rig = await createRig(createMemoryStore(), { clock: manualClock(Date.UTC(2026, 0, 1, 0, 30)) });
  scheduler = make();
});

const moments = async () => {
  const runs = await rig.store.find('runs', { orderBy: [{ column: 'created_at' }], limit: 5_000 });
  return runs.map((run) => (run.outputs as { at: string }).at.slice(11, 16));
};
const after = async (millis: number) => {
  rig.clock.advance(millis);
  await scheduler.tick();
};

describe('scheduler', () => {
  it('starts one run for each moment, the first after it was published', async () => {
    await rig.publish(hourly('once'));
    await scheduler.tick();
    expect(await moments()).toEqual([]);
    for (let turn = 0; turn < 5; turn++) await after(HOUR / 2);
    expect(await moments()).toEqual(['01:00', '02:00', '03:00']);
    const [run] = await rig.store.find('runs', {});
    expect(run).toMatchObject({ trigger_kind: 'schedule', cause: 'schedule:sweep/hourly' });
    expect(run?.trigger_key).toBe('sweep/hourly|2026-01-01T01:00:00.000Z');
  });

  it.each([
    ['skip', []],
    ['once', ['05:00']],
    ['all', ['01:00', '02:00', '03:00', '04:00', '05:00']],
  ])('makes up for a downtime as "missed: %s" says', async (missed, expected) => {
    await rig.publish(hourly(missed));
    await scheduler.tick();
    await after(5 * HOUR);
    expect(await moments()).toEqual(expected);
    await after(HOUR / 2);
    expect((await moments()).slice(expected.length)).toEqual(['06:00']);
  });

  it('starts a moment once although two schedulers notice it, and although the clock is set back', async () => {
    await rig.publish(hourly('all'));
    await scheduler.tick();
    rig.clock.advance(HOUR);
    await Promise.all([scheduler.tick(), make().tick(), make().tick()]);
    rig.clock.step(-HOUR);
    await scheduler.tick();
    await after(HOUR);
    expect(await moments()).toEqual(['01:00']);
    await after(HOUR);
    expect(await moments()).toEqual(['01:00', '02:00']);
    expect(problems).toEqual([]);
  });

  it('starts a moment once although it dies before it has written down that it did', async () => {
    await rig.publish(hourly('all'));
    await scheduler.tick();
    rig.clock.advance(2 * HOUR);
    const dying = createScheduler({
      store: { ...rig.store, commit: () => new Promise(() => undefined) },
      clock: rig.clock,
      plans: rig.plans,
      startRun: (request) => rig.engine.startRun(request),
    });
    void dying.tick();
    await rig.settle();
    expect(await moments()).toEqual(['01:00', '02:00']);
    await make().tick();
    expect(await moments()).toEqual(['01:00', '02:00']);
  });

  it('begins anew when a version fires at other times, goes on when only something else changed', async () => {
    await rig.publish(hourly('all'));
    await scheduler.tick();
    rig.clock.advance(2 * HOUR);
    await rig.publish(hourly('once'));
    await scheduler.tick();
    await scheduler.tick();
    expect(await moments()).toEqual(['02:00']);
    rig.clock.advance(2 * HOUR);
    await rig.publish(hourly('all', 15));
    await scheduler.tick();
    await after(HOUR);
    expect(await moments()).toEqual(['02:00', '05:15']);
  });

  it('forgets a playbook that is disabled, and does not make up for that time', async () => {
    await rig.publish(hourly('all'));
    await scheduler.tick();
    await enablePlaybook(rig.store, 'sweep', false, { principal: 'user:ada', now: rig.clock.now() });
    await after(3 * HOUR);
    expect(await rig.store.count('schedules')).toBe(0);
    await enablePlaybook(rig.store, 'sweep', true, { principal: 'user:ada', now: rig.clock.now() });
    await scheduler.tick();
    expect(await moments()).toEqual([]);
  });

  it('tells and audits what cannot start, and goes on with the next moment', async () => {
    await rig.publish(hourly('all', 0, 'inputs: { who: { type: string } }\n'));
    await scheduler.tick();
    await after(HOUR);
    expect(problems).toMatchObject([{ code: 'engine.inputs_invalid' }]);
    const [entry] = await rig.store.find('audit', { where: { action: 'trigger.failed' } });
    expect(entry).toMatchObject({ object: 'playbook:sweep', data: { code: 'engine.inputs_invalid' } });
    const [row] = await rig.store.find('schedules', {});
    expect(row?.next_at).toBe(Date.UTC(2026, 0, 1, 2));
  });

  it('ticks every second from its start to its stop', async () => {
    await rig.publish(hourly('once'));
    scheduler.start();
    await rig.settle(1_000, 2);
    expect(await rig.store.count('schedules')).toBe(1);
    await rig.settle(HOUR, 1);
    await rig.settle(1_000, 1);
    expect(await moments()).toEqual(['01:00']);
    await scheduler.stop();
    await rig.settle(HOUR, 2);
    expect(await moments()).toEqual(['01:00']);
  });
});

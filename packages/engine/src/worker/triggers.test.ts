import type { Json } from '@counterpoint/core';
import { type EventEnvelope, newEvent } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createPlanSource } from '../playbooks/plan-source.ts';
import { enablePlaybook } from '../playbooks/publish.ts';
import { createRig, type Rig } from '../testing/rig.ts';

const causality = { principal: 'source:siem', trace: 'b'.repeat(32), cause: 'raw:1', hop: 0 };
const playbook = (id: string, on: string) =>
  `kind: playbook/v1\nid: ${id}\ntitle: T\non: [${on}]\nsteps: [{ id: a, set: { n: "\${{ event.alert.severity }}" } }]\noutputs: { n: "\${{ steps.a.n }}" }\n`;
const alert = (data: Json) => newEvent('alert.created.v1', 'alert:1', data, causality, Date.UTC(2026, 0, 1));

let rig: Rig;
beforeEach(async () => {
  rig = await createRig(createMemoryStore());
});

describe('engine: triggers', () => {
  it('starts one run per matching trigger and event, however often the event comes', async () => {
    await rig.publish(playbook('high', '{ alert: true, when: event.alert.severity >= 4 }'));
    await rig.publish(playbook('all', '{ topic: alert.created.v1 }'));
    await rig.publish(playbook('none', '{ topic: mail.reported.v1 }'));
    const event = alert({ alert: { severity: 5 } });
    const first = await rig.engine.handleEvent(event);
    expect(first.map(({ existing }) => existing)).toEqual([false, false]);
    const again = await rig.engine.handleEvent(event);
    expect(again).toEqual(first.map(({ run }) => ({ run, existing: true })));
    const runs = await rig.store.find('runs', { orderBy: [{ column: 'playbook' }] });
    expect(runs.map((run) => [run.playbook, run.trigger_kind, run.outputs])).toEqual([
      ['all', 'topic', { n: 5 }],
      ['high', 'alert', { n: 5 }],
    ]);
    expect(runs[0]).toMatchObject({
      principal: 'playbook:all',
      trace: event.trace,
      cause: `event:${event.id}`,
      hop: 1,
    });
    expect(runs[1]?.trigger_key).toMatch(new RegExp(`^high/[^|]+\\|${event.id}$`));
  });

  it('starts nothing when the condition does not hold', async () => {
    await rig.publish(playbook('high', '{ alert: true, when: event.alert.severity >= 4 }'));
    expect(await rig.engine.handleEvent(alert({ alert: { severity: 1 } }))).toEqual([]);
    expect(await rig.store.count('runs')).toBe(0);
  });

  it('stops playbooks that start one another for ever, and says so', async () => {
    const step = '{ id: again, publish: alert.created.v1, data: { alert: { severity: 5 } } }';
    await rig.publish(`kind: playbook/v1\nid: echo\ntitle: T\non: [{ alert: true }]\nsteps: [${step}]\n`);
    let event: EventEnvelope | undefined = alert({ alert: { severity: 5 } });
    let started = 0;
    while (event && started < 100 && (await rig.engine.handleEvent(event)).length > 0) {
      started += 1;
      const rows = await rig.store.find('outbox', { limit: 1_000 });
      event = rows.map(({ envelope }) => envelope as unknown as EventEnvelope).find(({ hop }) => hop === started + 1);
    }
    expect(started).toBe(20);
    const [entry] = await rig.store.find('audit', { where: { action: 'trigger.failed' } });
    expect(entry).toMatchObject({ trace: causality.trace, data: { code: 'engine.too_many_hops' } });
  });

  it('audits a condition that cannot be evaluated, and starts the others', async () => {
    await rig.publish(playbook('broken', '{ alert: true, when: event.missing.field > 1, id: odd }'));
    await rig.publish(playbook('fine', '{ alert: true }'));
    expect(await rig.engine.handleEvent(alert({ alert: { severity: 1 } }))).toHaveLength(1);
    const [entry] = await rig.store.find('audit', { where: { action: 'trigger.failed' } });
    expect(entry).toMatchObject({
      principal: 'playbook:broken',
      object: 'playbook:broken',
      trace: causality.trace,
      data: { trigger: 'odd', code: 'expressions.no_such_field' },
    });
  });

  it('audits a playbook that cannot start, and starts the others', async () => {
    const needs = playbook('needs', '{ alert: true }').replace('steps:', 'inputs: { ip: { type: string } }\nsteps:');
    await rig.publish(needs);
    await rig.publish(playbook('fine', '{ alert: true }'));
    expect(await rig.engine.handleEvent(alert({ alert: { severity: 1 } }))).toHaveLength(1);
    const [entry] = await rig.store.find('audit', { where: { action: 'trigger.failed' } });
    expect(entry).toMatchObject({ principal: 'playbook:needs', data: { code: 'engine.inputs_invalid' } });
  });

  it('listens to the current version of enabled playbooks only', async () => {
    const event = () => alert({ alert: { severity: 5 } });
    await rig.publish(playbook('p', '{ alert: true, when: event.alert.severity >= 4 }'));
    expect(await rig.engine.handleEvent(event())).toHaveLength(1);
    await rig.publish(playbook('p', '{ alert: true, when: event.alert.severity >= 9 }'));
    expect(await rig.engine.handleEvent(event())).toHaveLength(0);
    await rig.publish(playbook('p', '{ alert: true, when: event.alert.severity >= 4 }'));
    expect(await rig.engine.handleEvent(event())).toHaveLength(1);
    await enablePlaybook(rig.store, 'p', false, { principal: 'user:ada', now: 1 });
    expect(await rig.engine.handleEvent(event())).toHaveLength(0);
    await expect(rig.run({}, 'p')).rejects.toMatchObject({ code: 'engine.playbook_unknown' });
    expect((await rig.store.find('playbook_versions', {})).map((row) => row.number).sort()).toEqual([1, 2]);
    const audit = await rig.store.find('audit', { where: { object: 'playbook:p' } });
    expect(audit.map((entry) => entry.action)).toEqual([...Array(3).fill('playbook.published'), 'playbook.disabled']);
  });

  it('answers a synchronous webhook with the outputs of its run, once per delivery', async () => {
    await rig.publish(playbook('hook', '{ webhook: mail-report, sync: true, when: event.alert.severity > 1 }'));
    const plans = createPlanSource({ store: rig.store, permissionsOf: async () => new Set() });
    const trigger = await plans.forWebhook('mail-report');
    expect(await plans.forWebhook('other')).toBeUndefined();
    if (!trigger) throw new Error('the trigger is missing');
    const deliver = (id: string, severity: number) =>
      rig.engine.handleWebhookAndWait(trigger, { id, body: { alert: { severity } }, causality });
    const first = await deliver('d1', 3);
    expect(first).toMatchObject({ existing: false, finished: { status: 'succeeded', outputs: { n: 3 } } });
    expect(await deliver('d1', 3)).toMatchObject({ run: first?.run, existing: true, finished: { outputs: { n: 3 } } });
    expect(await deliver('d2', 0)).toBeUndefined();
    const schema = { type: 'object', required: ['alert'] };
    const strict = { ...trigger, trigger: { ...trigger.trigger, schema } };
    await expect(rig.engine.handleWebhook(strict, { id: 'd3', body: {}, causality })).rejects.toMatchObject({
      code: 'engine.event_invalid',
    });
  });
});

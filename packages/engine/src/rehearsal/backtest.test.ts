import type { ConnectorManifest, EffectClass, JsonSchema } from '@counterpoint/connector-kit';
import { newId } from '@counterpoint/core';
import type { AlertRow, Store } from '@counterpoint/events';
import { anAlert } from '@counterpoint/events/conformance';
import type { Catalogue, Plan } from '@counterpoint/playbook';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, planOf, playbookText, type Rig } from '../testing/rig.ts';
import { backtest } from './backtest.ts';

const action = (effect: EffectClass, output: Record<string, JsonSchema> = {}) => ({
  title: 'x',
  effect,
  idempotent: true,
  input: { type: 'object' },
  output: { type: 'object', properties: output, required: Object.keys(output) },
});
const fake = {
  id: 'fake',
  actions: {
    read_score: action('read', { score: { type: 'integer' } }),
    read_owner: action('read', { owner: { type: 'string' } }),
    block: action('contain', { rule: { type: 'string' } }),
    tell: action('notify'),
  },
} as unknown as ConnectorManifest;
const catalogue: Catalogue = {
  connectors: new Map([['fake', fake]]),
  capabilities: new Map(),
  topics: new Map(),
  playbooks: new Map(),
  connections: undefined,
};

/** Blocks from `limit` on, tells otherwise. */
const text = (limit: number, more = '', when = 'true'): string => `kind: playbook/v1
id: p
title: P
uses: { fake: fake }
on: [{ alert: true, when: "${when}" }]
steps:
  - { id: score, action: fake.read_score, with: { ip: "\${{ event.alert.ip }}" } }
${more}
  - id: way
    if: steps.score.score >= ${limit}
    then: [{ id: block, action: fake.block, with: { ip: "\${{ event.alert.ip }}" }, lease: { for: 1h } }]
    else: [{ id: tell, action: fake.tell, with: { text: "\${{ event.alert.ip }}" } }]
outputs: { blocked: "\${{ outcome.?block.?status.orValue('') == 'succeeded' }}" }
`;

const SCORES: Readonly<Record<string, number>> = { a: 90, b: 60, c: 10 };

async function alertRow(store: Store, ip: string, verdict: AlertRow['verdict'], trace: string): Promise<void> {
  const row = anAlert(`alert-${ip}`, { title: ip, verdict, finding: { ip }, trace, created_at: 5 });
  await store.commit({ rows: [{ op: 'insert', table: 'alerts', row }] });
}

/** Three recorded runs: a and b malicious, c benign; a version that blocks from 80 on. */
async function recorded(): Promise<Rig> {
  const store = createMemoryStore();
  const rig = await createRig(store, {
    product: {
      behave: ({ action: name, input }) =>
        name === 'read_score' ? { output: { score: SCORES[String(input.ip)] ?? 0 } } : { output: { rule: 'r1' } },
    },
  });
  await rig.publish(text(80));
  for (const [ip, verdict] of [
    ['a', 'malicious'],
    ['b', 'malicious'],
    ['c', 'benign'],
  ] as const) {
    const trace = ip.repeat(32);
    await alertRow(store, ip, verdict, trace);
    await rig.engine.handleEvent({
      id: newId(),
      type: 'alert.created.v1',
      source: 's',
      subject: `alert:alert-${ip}`,
      time: '2026-01-01T00:00:00Z',
      specversion: '1.0',
      datacontenttype: 'application/json',
      data: { alert: { id: `alert-${ip}`, ip } },
      principal: 'system',
      trace,
      cause: '',
      hop: 0,
    } as unknown as Parameters<typeof rig.engine.handleEvent>[0]);
  }
  await rig.settle();
  return rig;
}

function test(rig: Rig, plan: Plan, over: { limit?: number; since?: number } = {}) {
  const { store, plans, clock } = rig;
  const eventOfAlert = async ({ id, title }: AlertRow) => ({ alert: { id, ip: title } });
  const services = { store, plans, clock, catalogue, eventOfAlert };
  return backtest(services, { plan, since: 0, limit: 100, alerts: true, ...over });
}

describe('backtest', () => {
  it('finds nothing to tell about the version that ran', async () => {
    const rig = await recorded();
    const sent = rig.door.sent.length;
    const audited = await rig.store.count('audit');
    const result = await test(rig, planOf(text(80)));
    expect(result).toMatchObject({ same: 3, different: 0, simulated: 0, skipped: [] });
    expect(result.verdicts).toEqual({
      before: { agrees: 2, differs: 1 },
      after: { agrees: 2, differs: 1 },
      without: 0,
    });
    expect(rig.door.sent).toHaveLength(sent);
    expect(await rig.store.count('audit')).toBe(audited);
  });

  it('lets a step act once more on everybody on whom it acted, also on who is gone', async () => {
    const providers = ['north', 'south'].map((connection) => ({ connector: 'fake', action: 'block', connection }));
    const rig = await createRig(createMemoryStore(), { bindAll: () => providers });
    const fans = playbookText(
      '  - { id: block, action: fw.block_ip, with: { ip: 192.0.2.7 }, lease: { for: 1h } }',
      `outputs: { places: "\${{ steps.block.results.map(one, one.connection) }}" }`,
    ).replace('uses: { fake: fake }', 'uses: { fw: { capability: block_ip, targets: all } }');
    await rig.publish(fans);
    await rig.run();
    await rig.settle(1_000, 3);
    expect(rig.finished).toMatchObject([{ outputs: { places: ['north', 'south'] } }]);
    const { plan } = await rig.plans.current('p');
    expect(await test(rig, plan)).toMatchObject({ same: 1, different: 0, simulated: 0 });
  });

  it('tells which run decides differently, at which step, and whether analysts agree', async () => {
    const rig = await recorded();
    const sent = rig.door.sent.length;
    const result = await test(rig, planOf(text(50)));
    expect(result).toMatchObject({ same: 2, different: 1 });
    expect(result.verdicts).toEqual({
      before: { agrees: 2, differs: 1 },
      after: { agrees: 3, differs: 0 },
      without: 0,
    });
    const [one] = result.compared.filter(({ differences }) => differences.length > 0);
    expect(one).toMatchObject({
      alert: 'alert-b',
      verdict: 'malicious',
      before: { status: 'succeeded', contained: false },
      after: { status: 'succeeded', contained: true },
      first: { step: 'tell', before: 'succeeded', after: 'not taken' },
      newCalls: [{ address: 'block', name: 'fake.block', effect: 'contain', with: { ip: 'b' } }],
      droppedCalls: [{ address: 'tell', name: 'fake.tell' }],
      simulated: ['block'],
    });
    expect(one?.differences).toContainEqual({ about: 'outputs.blocked', before: 'false', after: 'true' });
    expect(rig.door.sent).toHaveLength(sent);
  });

  it('marks what the recording has no answer for, and takes a renamed step for the same', async () => {
    const rig = await recorded();
    const more = `  - { id: owner, action: fake.read_owner, with: { ip: "\${{ event.alert.ip }}" } }`;
    const asked = await test(rig, planOf(text(80, more)));
    expect(asked).toMatchObject({ different: 3, simulated: 3 });
    expect(asked.compared[0]).toMatchObject({
      simulated: ['owner'],
      newCalls: [{ name: 'fake.read_owner' }],
      first: undefined,
    });
    const renamed = await test(
      rig,
      planOf(text(80).replace('id: block', 'id: cut_off').replace('outcome.?block', 'outcome.?cut_off')),
    );
    expect(renamed).toMatchObject({ same: 3, simulated: 0 });
  });

  it('looks at the arguments, at time and number, and at runs that would not start any more', async () => {
    const rig = await recorded();
    const told = planOf(text(80).replace('text: "', 'text: "bad: '));
    const [first] = (await test(rig, told)).compared.filter(({ newCalls }) => newCalls.length > 0);
    expect(first?.differences).toEqual([
      { about: 'step tell with.text', before: expect.anything(), after: expect.stringMatching(/bad: /) },
    ]);
    expect((await test(rig, planOf(text(80)), { limit: 2 })).compared).toHaveLength(2);
    const later = await test(rig, planOf(text(80)), { since: rig.clock.now() + 1 });
    expect(later.compared).toEqual([]);
    const none = await test(rig, planOf(text(80, '', "event.alert.ip == 'a'")));
    expect(none).toMatchObject({ same: 1, different: 2 });
    expect(none.compared.find(({ alert }) => alert === 'alert-c')).toMatchObject({ after: { status: 'not_started' } });
  });

  it('decides about alerts that started no run, with simulated answers', async () => {
    const rig = await recorded();
    await alertRow(rig.store, 'd', 'benign', 'd'.repeat(32));
    const result = await test(rig, planOf(text(0)));
    expect(result.compared.find(({ alert }) => alert === 'alert-d')).toMatchObject({
      run: '',
      before: { status: 'not_started' },
      after: { status: 'succeeded', contained: true },
      simulated: ['score', 'block'],
    });
    expect(result.verdicts.after).toEqual({ agrees: 2, differs: 2 });
  });
});

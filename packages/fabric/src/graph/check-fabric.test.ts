import { compilePlaybook, type EffectOf, type Plan, parseTopic } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { participantActor, planActor, serverActor } from './actors.ts';
import { checkFabric } from './check-fabric.ts';
import type { FabricGraph } from './graph.ts';

const effectOf: EffectOf = (_plan, { alias, action }) =>
  new Map([['proxy.block_url', 'contain']]).get(`${alias}.${action}`);

function planOf(text: string): Plan {
  const { plan, findings } = compilePlaybook(text);
  if (!plan) throw new Error(JSON.stringify(findings));
  return plan;
}

const SUBSCRIBE = '{ topic: TOPIC, trust: { publishers: [sandbox] } }';

function reaction(id: string, takes: string, gives: string, more = ''): string {
  return `kind: reaction/v1
id: ${id}
title: ${id}
mode: ask
subscribe: ${SUBSCRIBE.replace('TOPIC', takes)}
${more}do:
  - { id: a, set: { x: 1 } }
${gives === '' ? '' : `publish: { topic: ${gives}, data: { x: 1 } }\n`}`;
}

function graphOf(texts: readonly string[], participants: Parameters<typeof participantActor>[0][] = []): FabricGraph {
  const topics = ['a.v1', 'b.v1', 'c.v1', 'case.changed.v1', 'alert.created.v1'].map((topic) =>
    parseTopic({ topic, title: topic, schema: { type: 'object' } }),
  );
  return {
    actors: [
      ...texts.map((text, index) => planActor(planOf(text), `${index}.yaml`)),
      ...participants.map((one) => participantActor(one)),
      serverActor(),
    ],
    topics: new Map(topics.map((one) => [one.topic, one])),
  };
}

const check = (texts: readonly string[], participants: Parameters<typeof participantActor>[0][] = []) =>
  checkFabric(graphOf(texts, participants), effectOf);
const codes = (...given: Parameters<typeof check>) =>
  check(...given).map(({ code, severity, place }) => `${severity} ${code} ${place.file}:${place.line}`);

const participant = (publishes: string[], subscribes: string[]) => ({
  id: 'sandbox',
  title: 'Sandbox',
  publishes,
  subscribes,
});

describe('circles', () => {
  it('of two reactions are an error that tells the whole way round', () => {
    const findings = check([reaction('x', 'a.v1', 'b.v1'), reaction('y', 'b.v1', 'a.v1')]);
    expect(findings).toMatchObject([
      {
        code: 'fabric.cycle',
        severity: 'error',
        place: { file: '0.yaml', line: 5 },
        message: expect.stringContaining('a.v1 -> reaction x -> b.v1 -> reaction y -> a.v1'),
      },
    ]);
  });

  it('are a warning when every reaction says how often it may go round', () => {
    const limits = 'limits: { max_hops: 3 }\n';
    const both = [reaction('x', 'a.v1', 'b.v1', limits), reaction('y', 'b.v1', 'a.v1', limits)];
    expect(codes(both)).toEqual(['warning fabric.bounded_cycle 0.yaml:5']);
    expect(codes([both[0] as string, reaction('y', 'b.v1', 'a.v1')])).toEqual(['error fabric.cycle 0.yaml:5']);
  });

  it('are found through failure topics, playbooks and participants, and told once', () => {
    const failing = reaction('x', 'a.v1', '').concat('on_error: { publish: b.v1 }\n');
    const playbook = `kind: playbook/v1
id: p
title: P
on: [{ topic: b.v1 }]
steps:
  - { id: say, publish: c.v1, data: { x: 1 } }
`;
    const [finding, ...others] = check([failing, playbook], [participant(['a.>'], ['c.*'])]);
    expect(others.map(({ code }) => code)).toEqual([]);
    expect(finding?.message).toContain(
      'b.v1 -> playbook p -> c.v1 -> participant sandbox -> a.v1 -> reaction x -> b.v1',
    );
    expect(finding).toMatchObject({ code: 'fabric.bounded_cycle', severity: 'warning' });
  });

  it('do not close through somebody who only waits', () => {
    const waiting = `kind: playbook/v1
id: p
title: P
on: [{ manual: true }]
steps:
  - { id: w, wait: { topic: b.v1, timeout: 1h } }
  - { id: say, publish: a.v1, data: { x: 1 } }
`;
    expect(codes([reaction('x', 'a.v1', 'b.v1'), waiting])).toEqual([]);
  });

  it('are not made of a participant alone', () => {
    expect(codes([reaction('x', 'a.v1', 'b.v1')], [participant(['a.v1'], ['a.v1'])])).toEqual([
      'info fabric.never_taken 0.yaml:8',
    ]);
  });
});

describe('what starts itself', () => {
  const playbook = (trigger: string, step: string) =>
    `kind: playbook/v1\nid: p\ntitle: P\non: [${trigger}]\nsteps:\n  - ${step}\n`;

  it('for certain is an error, perhaps a warning', () => {
    const say = '{ id: say, publish: a.v1, data: { x: 1 } }';
    expect(codes([playbook('{ topic: a.v1 }', say)])).toEqual(['error fabric.starts_itself 0.yaml:6']);
    expect(codes([playbook('{ topic: a.v1, when: event.x == 1 }', say)])).toEqual([
      'warning fabric.self_trigger 0.yaml:6',
    ]);
  });

  it('by what one of its actions announces is told with the action', () => {
    const open = '{ id: open, action: case.open, with: { title: T } }';
    const [finding] = check([playbook('{ case: true }', open)]);
    expect(finding).toMatchObject({ code: 'fabric.self_trigger', message: expect.stringContaining('case.open') });
  });
});

describe('topics', () => {
  it('that nobody publishes are warned of, with the nearest that somebody does', () => {
    const [finding] = check([reaction('x', 'alerts.created.v1', '')]);
    expect(finding).toMatchObject({ code: 'fabric.never_published', suggestion: 'alert.created.v1' });
  });

  it('of other systems are published by nobody that is known', () => {
    expect(codes([reaction('x', 'dxl.a.b', '')])).toEqual([]);
  });

  it('that nobody takes are worth a word, failures that nobody takes a warning', () => {
    const text = reaction('x', 'alert.created.v1', 'b.v1').concat('on_error: { publish: c.v1 }\n');
    expect(codes([text])).toEqual(['warning fabric.failure_unhandled 0.yaml:9', 'info fabric.never_taken 0.yaml:8']);
    expect(codes([text], [participant([], ['*.v1'])])).toEqual([]);
  });
});

describe('a reaction', () => {
  const acting = (head: string) =>
    `kind: reaction/v1
id: r
title: R
${head}uses: { proxy: web_proxy, chat: slack }
do:
  - { id: block, action: proxy.block_url, with: { url: x }, lease: { for: 7d } }
`;

  it('that forgets its key before the lease ends is warned of', () => {
    const head = `mode: ask\nsubscribe: ${SUBSCRIBE.replace('TOPIC', 'alert.created.v1')}\nidempotency: { key: event.id, ttl: 1d }\n`;
    expect(check([acting(head)])).toMatchObject([
      { code: 'fabric.forgets_early', suggestion: 'ttl: 7d', place: { line: 6 } },
    ]);
    expect(codes([acting(head.replace('ttl: 1d', 'ttl: 7d'))])).toEqual([]);
  });

  it('that contains something on anybody’s word, or without end, is told', () => {
    const head = 'mode: act\nsubscribe: { topic: alert.created.v1 }\n';
    expect(codes([acting(head)])).toEqual([
      'info fabric.no_rate 0.yaml:4',
      'info fabric.contains_for_anybody 0.yaml:5',
    ]);
    expect(codes([acting(head.replace('mode: act', 'mode: observe'))])).toEqual([
      'info fabric.contains_for_anybody 0.yaml:5',
    ]);
    expect(codes([acting(`${head}limits: { rate: 30/min }\n`)])).toEqual(['info fabric.contains_for_anybody 0.yaml:5']);
  });
});

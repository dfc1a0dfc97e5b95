import type { TraceNode } from '@counterpoint/contracts';
import type { Causality, OutboxRow, ReactionEventRow, RunRow, Store } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../testing/world.ts';
import { buildTrace, walk } from './build-trace.ts';
import { consequencesOf, effectsCausedBy, foreseeRetraction, retract } from './retract.ts';

const T = '3'.repeat(32);
const by = (principal: string, cause: string): Causality => ({ principal, trace: T, cause, hop: 1 });

const REACTION = `kind: reaction/v1
id: block_bad
title: Block
mode: act
subscribe: { topic: verdict.ip.v1 }
do:
  - { id: block, action: fw.block, with: { ip: "\${{ event.ip }}" }, lease: { for: 1h } }
uses: { fw: firewall }
`;

function event(id: string, topic: string, participant: string, cause: string, at: number): OutboxRow {
  return {
    id,
    topic,
    subject: 's',
    envelope: {},
    state: 'delivered',
    position: at,
    participant,
    attempts: 1,
    next_at: at,
    error: '',
    at,
    trace: T,
    cause,
    rev: 1,
  };
}

function run(id: string, playbook: string, version: string, cause: string, at: number): RunRow {
  return aRun(id, {
    ...by(`reaction:${playbook}`, cause),
    ...{ playbook, version, status: 'succeeded', epoch: 1, created_at: at, started_at: at, ended_at: at },
  });
}

function outcome(id: string, on: string, what: ReactionEventRow['outcome'], at: number): ReactionEventRow {
  return {
    id,
    reaction: 'isolate',
    version: 'v',
    event: on,
    topic: 'verdict.ip.v1',
    subject: 's',
    outcome: what,
    reason: what === 'held' ? 'rate' : '',
    run: what === 'started' ? 'run-r' : '',
    would: null,
    judged: '',
    expires_at: null,
    at,
    trace: T,
    rev: 1,
  };
}

/** A participant's verdict, at which a reaction blocks and tells; another participant hears that and blocks too. */
async function dance(store: Store = createMemoryStore()) {
  const world = await createWorld(store);
  const at = world.clock.now();
  await world.store.commit({
    runs: [{ op: 'create', row: run('run-r', 'block_bad', 'v-r', 'event:e-verdict', at + 1) }],
    rows: [
      {
        op: 'insert',
        table: 'playbook_versions',
        row: { id: 'v-r', playbook: 'block_bad', number: 1, source: REACTION, published_at: at, principal: 'system' },
      },
      { op: 'insert', table: 'outbox', row: event('e-seen', 'file.seen.v1', 'mail', '', at - 1) },
      { op: 'insert', table: 'outbox', row: event('e-verdict', 'verdict.ip.v1', 'sandbox', 'event:e-seen', at) },
      {
        op: 'insert',
        table: 'outbox',
        row: event('e-blocked', 'control.ip_blocked.v1', 'server', 'run:run-r/p', at + 2),
      },
      { op: 'insert', table: 'reaction_events', row: outcome('o-held', 'e-verdict', 'held', at + 1) },
      { op: 'insert', table: 'reaction_events', row: outcome('o-started', 'e-verdict', 'started', at + 1) },
    ],
  });
  await world.perform({
    run: 'run-r',
    address: 'block',
    holder: 'run:run-r/block',
    input: { ip: '203.0.113.7' },
    causality: by('reaction:block_bad', 'run:run-r/block'),
    key: 'k1',
  });
  world.clock.advance(10);
  await world.perform({
    run: '',
    address: '',
    holder: 'participant:proxy',
    input: { ip: '203.0.113.8' },
    causality: by('participant:proxy', 'event:e-blocked'),
    key: 'k2',
  });
  return world;
}

const line = (node: TraceNode, depth = 0): string[] => [
  `${'  '.repeat(depth)}${node.kind} ${node.title} ${node.status}`,
  ...node.children.flatMap((child) => line(child, depth + 1)),
];

describe('the trace of a dance', () => {
  it('shows publishers, reactions with their mode, what is held, and what participants had done', async () => {
    const { store } = await dance();
    const { roots } = await buildTrace(store, 'reaction_event:o-held');
    const lines = roots.flatMap((root) => line(root));
    expect(lines.filter((text) => !/claim|step/.test(text))).toEqual([
      'event file.seen.v1 delivered',
      '  event verdict.ip.v1 delivered',
      '    reaction block_bad (act) succeeded',
      expect.stringMatching(/^ {6}effect firewall.block 203.0.113.7 at \w+ performed$/),
      '      event control.ip_blocked.v1 delivered',
      expect.stringMatching(/^ {8}effect firewall.block 203.0.113.8 at \w+ for proxy performed$/),
      '    reaction isolate held',
    ]);
    const nodes = roots.flatMap((root) => [...walk(root)]);
    expect(nodes.find(({ ref }) => ref === 'event:e-verdict')?.detail).toMatchObject({ participant: 'sandbox' });
  });
});

describe('the retraction of a verdict', () => {
  it('foresees and undoes what reactions and participants did because of it, the last first, and again nothing', async () => {
    const world = await dance();
    const foreseen = await foreseeRetraction(world.context, 'event:e-verdict');
    expect(foreseen.map(({ effect, will }) => [effect.target, will])).toEqual([
      ['ipv4-addr:203.0.113.8', 'undo'],
      ['ipv4-addr:203.0.113.7', 'undo'],
    ]);
    const wish = { ref: 'event:e-verdict', reason: 'revised', causality: by('user:ada', 'event:e-verdict') };
    expect((await retract(world.context, wish)).undone).toHaveLength(2);
    expect([...world.product.blocked]).toEqual([]);
    expect(await effectsCausedBy(world.store, 'event:e-verdict')).toEqual([]);
    expect(await retract(world.context, wish)).toEqual({ undone: [], kept: [], failed: [] });
  });

  it('knows the events and runs that followed, and not what came before', async () => {
    const { store } = await dance();
    expect(await consequencesOf(store, 'event:e-verdict')).toMatchObject({
      trace: T,
      events: expect.arrayContaining(['e-verdict', 'e-blocked']),
      runs: ['run-r'],
    });
    expect((await consequencesOf(store, 'event:e-blocked')).runs).toEqual([]);
  });
});

import type { TraceNode } from '@counterpoint/contracts';
import type { EffectRow, JournalRow, RowWrite, Store } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { walk } from './build-trace.ts';
import { tellTrace } from './tell-trace.ts';

const TRACE = 'c'.repeat(32);
const AT = 1_000_000;
const SOURCE = `
kind: playbook/v1
id: judge
title: Judge an address
uses: { rep: abuseipdb, fw: fortigate }
on: [{ manual: {} }]
inputs: { ip: { type: string, format: ipv4 } }
steps:
  - id: look
    action: rep.lookup_ip
    with: { ip: "\${{ inputs.ip }}" }
  - id: bad
    if: steps.look.score >= 80
    then:
      - id: block
        action: fw.ban_ip
        with: { ip: "\${{ inputs.ip }}" }
        lease: { for: 1h }
`;
const connector = (title: string, actions: Readonly<Record<string, string>>) => ({
  manifest: { title, actions: Object.fromEntries(Object.entries(actions).map(([name, of]) => [name, { title: of }])) },
});
const connectors = new Map([
  ['abuseipdb', connector('AbuseIPDB', { lookup_ip: 'Look up an IP address' })],
  ['fortigate', connector('FortiGate', { ban_ip: 'Ban an IP address', unban_ip: 'Lift the ban of an IP address' })],
]);

const caused = (cause: string, principal = 'playbook:judge') => ({ principal, trace: TRACE, cause, hop: 1 });

const run = aRun('r1', {
  ...{ ...caused('user:u1', 'user:u1'), playbook: 'judge', status: 'succeeded', epoch: 1, seq: 9 },
  ...{ inputs: {}, simulated: true, created_at: AT, started_at: AT, ended_at: AT + 9 },
});

function entry(seq: number, address: string, kind: string, data: object): JournalRow {
  return { run: 'r1', seq, epoch: 1, v: 1, kind, address, data: data as never, at: AT + seq };
}

function effect(id: string, over: Partial<EffectRow>): EffectRow {
  return {
    ...caused('run:r1/block'),
    ...{ id, key: id, run: 'r1', address: 'block', generation: 0, connector: 'fortigate', connection: 'fw' },
    ...{ action: 'ban_ip', effect: 'contain', target: 'ipv4-addr:203.0.113.7', args: {}, args_hash: '' },
    ...{ state: 'performed', receipt: {}, error: null, inverse: null, undo_of: '', preexisting: false },
    ...{ lease_until: null, wake_at: null, attempts: 1, decision: {}, simulated: true, site: '', rev: 1 },
    ...{ created_at: AT + 6, performed_at: AT + 7, ended_at: null },
    ...over,
  } as EffectRow;
}

async function told(effects: readonly EffectRow[], journal: readonly JournalRow[] = []) {
  const store: Store = createMemoryStore();
  const insert = (table: RowWrite['table'], row: unknown) => ({ op: 'insert', table, row }) as unknown as RowWrite;
  await store.commit({
    runs: [{ op: 'create', row: run }],
    journal: [...journal],
    rows: [
      insert('playbook_versions', {
        ...{ id: 'v1', playbook: 'judge', number: 1, source: SOURCE, published_at: AT, principal: 'user:u1' },
      }),
      insert('users', {
        ...{ id: 'u1', name: 'ada', role: 'owner', password_hash: '', disabled: false, created_at: AT, rev: 1 },
      }),
      ...effects.map((row) => insert('effects', row)),
    ],
  });
  const context = { store, connectors, builtins: new Map() } as unknown as Parameters<typeof tellTrace>[0];
  return (ref: string, limit = 1_000) => tellTrace(context, ref, { limit });
}

const all = (roots: readonly TraceNode[]) => roots.flatMap((root) => [...walk(root)]);
const sentences = (roots: readonly TraceNode[]) =>
  all(roots).map(({ words, because }) => (because === '' ? words : `${words} because ${because}`));

const JOURNAL = [
  entry(1, 'look', 'step_started', { attempt: 1, input: { ip: '203.0.113.7' } }),
  entry(2, 'look', 'step_ended', { status: 'succeeded', output: { score: 100 } }),
  entry(3, 'bad', 'branch_taken', { branch: 0 }),
  entry(4, 'block', 'step_started', { attempt: 1, input: { ip: '203.0.113.7' } }),
  entry(5, 'block', 'step_ended', { status: 'succeeded', output: {} }),
];

describe('a story that is told', () => {
  it('is sentences, with the condition that decided', async () => {
    const undo = { ...caused('user:u1', 'user:u1'), undo_of: 'e1', run: '', address: '', action: 'unban_ip' };
    const tell = await told(
      [effect('e1', { state: 'undone' }), effect('e2', { ...undo, created_at: AT + 8 })],
      JOURNAL,
    );
    expect(sentences((await tell(TRACE)).roots)).toEqual([
      'Playbook judge ran',
      'Looked up 203.0.113.7 on AbuseIPDB',
      'Checked a condition because look.score >= 80',
      'Banned 203.0.113.7 on FortiGate',
      'Playbook judge banned 203.0.113.7 on FortiGate because look.score >= 80',
      'ada undid it: lifted the ban of 203.0.113.7 on FortiGate',
    ]);
  });

  it('says how an action went that did not simply happen', async () => {
    const tell = await told([
      effect('e1', { state: 'failed' }),
      effect('e2', { state: 'unknown' }),
      effect('e3', { state: 'held' }),
    ]);
    expect(sentences((await tell(TRACE)).roots).slice(1)).toEqual([
      'Playbook judge could not ban 203.0.113.7 on FortiGate because look.score >= 80',
      'Playbook judge may have banned 203.0.113.7 on FortiGate (nobody knows) because look.score >= 80',
      'Playbook judge asks to ban 203.0.113.7 on FortiGate because look.score >= 80',
    ]);
  });

  it('says that a step failed, and why', async () => {
    const error = { code: 'x', message: 'no answer' };
    const tell = await told([], [entry(1, 'look', 'step_ended', { status: 'failed', error })]);
    expect(sentences((await tell(TRACE)).roots)[1]).toBe('Looked up an IP address on AbuseIPDB; it failed: no answer');
  });

  it('is cut to what leads to what was asked for, and says how much is missing', async () => {
    const effects = Array.from({ length: 300 }, (_, at) => effect(`e${at}`, { address: '', created_at: AT + at }));
    const tell = await told(effects);
    const { roots, total, asked, truncated } = await tell('effect:e299', 10);
    expect({ total, asked, truncated }).toEqual({ total: 301, asked: 'effect:e299', truncated: false });
    expect(all(roots)).toHaveLength(10);
    expect(all(roots).map(({ ref }) => ref)).toContain('effect:e299');
    expect(roots[0]?.more).toBe(291);
    expect(all((await tell(TRACE, 301)).roots)).toHaveLength(301);
  });

  it('is found by what takes part in many', async () => {
    const tell = await told([effect('e1', {})]);
    expect((await tell('playbook:judge')).traces).toEqual([TRACE]);
    expect((await tell('203.0.113[.]7')).traces).toEqual([TRACE]);
    await expect(tell('participant:nobody')).rejects.toMatchObject({ code: 'actions.trace_not_found' });
  });
});

import type { EffectRow, InboxItemRow, ReactionEventRow, Rows, RunRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { agreementOf, judgeObserved } from './agreement.ts';
import { pruneReactions } from './prune.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;
const trace = 'a'.repeat(32);
const causality = { principal: 'user:ada', trace: 'b'.repeat(32), cause: '', hop: 0 };

let store: Store;
beforeEach(async () => {
  store = createMemoryStore();
  const base = { playbook: 'r', source: '', published_at: 0, principal: 'user:ada' };
  await put('playbooks', {
    id: 'r',
    kind: 'reaction',
    title: 'R',
    current: 'v2',
    enabled: true,
    updated_at: 0,
    rev: 1,
  });
  await put('playbook_versions', { ...base, id: 'v1', number: 1 });
  await put('playbook_versions', { ...base, id: 'v2', number: 2 });
  for (const [id, connector] of [
    ['fw', 'fortigate'],
    ['nft', 'nftables'],
  ] as const) {
    await put('connections', { id, connector } as Rows['connections']);
  }
});

const put = <
  Table extends
    | 'playbooks'
    | 'playbook_versions'
    | 'connections'
    | 'reaction_events'
    | 'effects'
    | 'cases'
    | 'inbox_items'
    | 'reaction_keys',
>(
  table: Table,
  row: Rows[Table],
) => store.commit({ rows: [{ op: 'put', table, row } as never] });

const would = [
  { step: 'ban', name: 'fw.ban_ip', connector: 'fortigate', action: 'ban_ip', target: 'ipv4-addr:192.0.2.1' },
];

const observed = (over: Partial<ReactionEventRow> = {}): Promise<void> =>
  put('reaction_events', {
    id: 'e1',
    reaction: 'r',
    version: 'v2',
    event: 'e1',
    topic: 'seen.v1',
    subject: 's',
    outcome: 'observed',
    reason: '',
    run: '',
    would,
    judged: '',
    expires_at: null,
    at: NOW - 3_600_000,
    trace,
    rev: 1,
    ...over,
  });

const effect = (over: Partial<EffectRow> = {}): Promise<void> =>
  put('effects', {
    ...causality,
    id: 'f1',
    connection: 'fw',
    connector: 'fortigate',
    action: 'ban_ip',
    target: 'ipv4-addr:192.0.2.1',
    state: 'performed',
    created_at: NOW - 1_800_000,
    ended_at: null,
    ...over,
  } as EffectRow);

const sameAs = (connector: string, action: string) =>
  action === 'ban_ip'
    ? [
        { connector, action },
        { connector: 'nftables', action: 'drop_ip' },
      ]
    : [{ connector, action }];

async function figures() {
  await judgeObserved({ store, sameAs }, NOW);
  const [first] = await agreementOf(store, 'r', { now: NOW, sameAs });
  return first?.observed;
}

const NONE = { agreed: 0, disagreed: 0, not_done: 0, open: 0, nothing: 0 };

describe('what was observed', () => {
  it('is open until somebody does it', async () => {
    await observed();
    expect(await figures()).toEqual({ ...NONE, open: 1 });
    await effect();
    expect(await figures()).toEqual({ ...NONE, agreed: 1 });
  });

  it('is counted as things stand now, before it is judged for good', async () => {
    await observed();
    await effect();
    const [first] = await agreementOf(store, 'r', { now: NOW, sameAs });
    expect(first?.observed).toEqual({ ...NONE, agreed: 1 });
    expect((await store.get('reaction_events', 'e1'))?.judged).toBe('');
  });

  it('is agreed with when another provider of the capability does it, or it was in force already', async () => {
    await observed();
    await effect({ connection: 'nft', connector: 'nftables', action: 'drop_ip', created_at: NOW - 5 * DAY });
    expect(await figures()).toEqual({ ...NONE, agreed: 1 });
  });

  it.each([
    ['another target', { target: 'ipv4-addr:192.0.2.9' }],
    ['something that failed', { state: 'failed' }],
    ['something that had ended before', { state: 'expired', created_at: NOW - 5 * DAY, ended_at: NOW - 4 * DAY }],
    ['something later than a day', { created_at: NOW + 2 * DAY }],
  ] as const)('is not agreed with by %s', async (_, over) => {
    await observed();
    await effect(over);
    expect(await figures()).toEqual({ ...NONE, open: 1 });
  });

  it('is not done when its day is over', async () => {
    await observed({ at: NOW - 2 * DAY });
    expect(await figures()).toEqual({ ...NONE, not_done: 1 });
  });

  it('is disagreed with when people take it back, also after it was agreed with', async () => {
    await observed();
    await effect();
    await figures();
    await effect({ state: 'undone', ended_at: NOW - 60_000 });
    expect(await figures()).toEqual({ ...NONE, agreed: 1 });
    const audit = { at: NOW, principal: 'user:ada', action: 'effect.undoing', object: 'effect:f1', data: {} };
    await store.commit({ audit: [{ ...audit, trace: causality.trace }] });
    expect(await figures()).toEqual({ ...NONE, disagreed: 1 });
  });

  it('is disagreed with when people call the case benign', async () => {
    await observed();
    await effect();
    await put('cases', { ...causality, id: 'c', trace, verdict: 'benign' } as Rows['cases']);
    expect(await figures()).toEqual({ ...NONE, disagreed: 1 });
  });

  it('is nothing to compare when nothing would have been done', async () => {
    await observed({ would: [] });
    expect(await figures()).toEqual({ ...NONE, nothing: 1 });
  });
});

describe('what was asked', () => {
  it('is counted by version and decision', async () => {
    for (const [id, version, status] of [
      ['a', 'v1', 'denied'],
      ['b', 'v2', 'approved'],
      ['c', 'v2', 'approved'],
      ['d', 'v2', 'open'],
    ] as const) {
      const row = { id, playbook: 'r', version, ask: true, created_at: NOW, trigger_key: id } as RunRow;
      await store.commit({ runs: [{ op: 'create', row }] });
      await put('inbox_items', { id, run: id, kind: 'approval', status } as InboxItemRow);
    }
    expect(await agreementOf(store, 'r', { now: NOW, sameAs })).toMatchObject([
      { number: 2, asked: { approved: 2, denied: 0, open: 1 } },
      { number: 1, asked: { approved: 0, denied: 1, open: 0 } },
    ]);
  });
});

describe('old rows', () => {
  it('go when they are over, and stay while they are held', async () => {
    await observed({ id: 'old', at: 1 });
    await observed({ id: 'held', at: 1, outcome: 'held' });
    await observed({ id: 'young' });
    const key = { reaction: 'r', publishers: [], event: '', rev: 1 };
    await put('reaction_keys', { ...key, id: 'k1', key: 'k1', until: NOW - 1 });
    await put('reaction_keys', { ...key, id: 'k2', key: 'k2', until: NOW + 1 });
    expect(await pruneReactions(store, NOW, NOW - DAY)).toBe(2);
    expect((await store.find('reaction_events', {})).map(({ id }) => id).sort()).toEqual(['held', 'young']);
    expect((await store.find('reaction_keys', {})).map(({ id }) => id)).toEqual(['k2']);
  });
});

import { linkObservables, nameObservable, openCase } from '@counterpoint/cases';
import type { TraceNode } from '@counterpoint/contracts';
import { newId } from '@counterpoint/core';
import type { Causality, JournalRow, OutboxRow, RawInputRow } from '@counterpoint/events';
import { anAlert, aRun } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';
import { createLeaseKeeper } from '../undo/lease-keeper.ts';
import { buildTrace } from './build-trace.ts';
import { effectsCausedBy, retract } from './retract.ts';
import { enclosing } from './trace-nodes.ts';

const IP = '203.0.113.7';
const by = (trace: string, cause: string): Causality => ({ principal: 'playbook:p', trace, cause, hop: 1 });

/** One alert all the way: raw input, decision, alert, event, run with steps; the run blocks and opens a case. */
async function tell(one: World, name: string, trace: string, ip = IP): Promise<{ alert: string; run: string }> {
  const at = one.clock.now();
  const [raw, decision, alert, event, run] = ['raw', 'decision', 'alert', 'event', 'run'].map(
    (kind) => `${kind}-${name}`,
  ) as [string, string, string, string, string];
  const simulated = true;
  const rawRow: RawInputRow = {
    ...by(trace, ''),
    id: raw,
    source: 'wazuh',
    delivery: name,
    media_type: 'application/json',
    body: new Uint8Array(),
    state: 'processed',
    error: null,
    received_at: at,
    simulated,
    rev: 1,
  };
  const alertRow = anAlert(alert, {
    ...by(trace, `raw:${raw}`),
    ...{ finding_key: name, title: 'Many failed logins', raw, simulated },
    ...{ first_seen: at, last_seen: at, created_at: at + 1, updated_at: at },
  });
  const eventRow: OutboxRow = {
    id: event,
    topic: 'alert.created.v1',
    subject: `alert:${alert}`,
    envelope: {},
    state: 'delivered',
    position: null,
    participant: 'server',
    attempts: 1,
    next_at: at,
    error: '',
    at: at + 2,
    trace,
    cause: `alert:${alert}`,
    rev: 1,
  };
  const runRow = aRun(run, {
    ...by(trace, `event:${event}`),
    ...{ status: 'succeeded', epoch: 1, seq: 3, trigger_kind: 'alert', simulated },
    ...{ created_at: at + 3, started_at: at + 3, ended_at: at + 9 },
  });
  const entry = (seq: number, address: string, kind: string): JournalRow => ({
    run,
    seq,
    epoch: 1,
    v: 1,
    kind,
    address,
    data: { seq },
    at: at + 3 + seq,
  });
  const observable = nameObservable('ipv4-addr', ip);
  await one.store.commit({
    runs: [{ op: 'create', row: runRow }],
    journal: [
      entry(1, '', 'run_started'),
      entry(2, 'respond', 'step_started'),
      entry(3, 'respond.block', 'step_started'),
      { ...entry(4, 'respond.block', 'step_ended'), data: { status: 'succeeded' } },
    ],
    rows: [
      { op: 'insert', table: 'raw_inputs', row: rawRow },
      {
        op: 'insert',
        table: 'ingest_decisions',
        row: {
          id: decision,
          raw,
          item: 0,
          source: 'wazuh',
          decision: 'created',
          normalizer: '',
          alert,
          finding_key: name,
          reason: 'new finding',
          at: at + 1,
          trace,
        },
      },
      { op: 'insert', table: 'alerts', row: alertRow },
      { op: 'insert', table: 'outbox', row: eventRow },
      ...(linkObservables({ key: name, causality: by(trace, ''), now: at }, `alert:${alert}`, [observable]).rows ?? []),
    ],
  });
  const address = 'respond.block';
  await one.perform({
    run,
    address,
    holder: `run:${run}/${address}`,
    input: { ip },
    causality: by(trace, `run:${run}/${address}`),
    key: `k-${name}`,
  });
  await one.store.commit(
    openCase({ key: name, causality: by(trace, `run:${run}/respond`), now: at + 8 }, { title: 'Brute force' }),
  );
  return { alert, run };
}

const T1 = '1'.repeat(32);
const T2 = '2'.repeat(32);
const world = () => createWorld(createMemoryStore());
const outline = (nodes: readonly TraceNode[]): unknown[] =>
  nodes.map((node) =>
    node.children.length === 0
      ? `${node.kind} ${node.status}`
      : [`${node.kind} ${node.status}`, ...outline(node.children)],
  );
const retraction = (ref: string) => ({
  ref,
  reason: 'benign after all',
  causality: { ...by('9'.repeat(32), ''), principal: 'user:ann' },
});

describe('the story of anything', () => {
  it('hangs together from the raw input to the undo', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    one.clock.advance(3_600_000);
    await createLeaseKeeper({ context: one.context }).settle();
    const { trace, roots } = await buildTrace(one.store, 'alert:alert-a');
    expect(trace).toBe(T1);
    expect(outline(roots)).toEqual([
      [
        'raw processed',
        [
          'decision created',
          [
            'alert new',
            [
              'event delivered',
              [
                'run succeeded',
                [
                  'step ',
                  ['step succeeded', ['effect undone', 'claim ended', 'undo performed']],
                  'event pending',
                  ['case open', 'entry opened'],
                ],
              ],
            ],
          ],
        ],
      ],
    ]);
  });

  it.each([
    'raw:raw-a',
    'event:event-a',
    'run:run-a',
    'run:run-a/respond.block',
    T1,
    IP,
    `ipv4-addr:${IP}`,
    '203[.]0[.]113[.]7',
  ])('is found from %s', async (ref) => {
    const one = await world();
    await tell(one, 'a', T1);
    expect((await buildTrace(one.store, ref)).trace).toBe(T1);
  });

  it('is found from the bare id of an effect', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    const [effect] = await one.rows('effects');
    expect((await buildTrace(one.store, effect!.id)).trace).toBe(T1);
  });

  it('is found from a participant that said something in it, and from one that something was changed through', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    const [effect] = await one.rows('effects');
    expect((await buildTrace(one.store, 'participant:server')).trace).toBe(T1);
    expect((await buildTrace(one.store, `participant:${effect!.connector}`)).trace).toBe(T1);
    await expect(buildTrace(one.store, 'participant:nobody')).rejects.toMatchObject({
      code: 'actions.trace_not_found',
    });
  });

  it.each(['alert:nope', 'nonsense', '198.51.100.1', newId()])('is not found from %s', async (ref) => {
    const one = await world();
    await expect(buildTrace(one.store, ref)).rejects.toMatchObject({ code: 'actions.trace_not_found' });
  });

  it('survives causes that are missing or go round in circles', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    const { alert } = await tell(one, 'b', T2, '203.0.113.8');
    const row = (await one.store.get('alerts', alert))!;
    await one.store.commit({
      rows: [
        { op: 'put', table: 'alerts', row: { ...row, id: 'x', cause: 'alert:y', raw: 'gone' } },
        { op: 'put', table: 'alerts', row: { ...row, id: 'y', cause: 'alert:x', raw: 'gone' } },
        { op: 'put', table: 'alerts', row: { ...row, id: 'z', cause: 'event:gone', raw: 'gone' } },
      ],
    });
    const { roots } = await buildTrace(one.store, T2);
    const refs = JSON.stringify(roots);
    for (const id of ['x', 'y', 'z']) expect(refs.split(`"alert:${id}"`)).toHaveLength(2);
  });

  it.each([
    ['block', []],
    ['respond.block', ['respond']],
    ['verdicts[3].rep', ['verdicts[3]', 'verdicts']],
    ['a[1][2].b.c', ['a[1][2].b', 'a[1][2]', 'a[1]', 'a']],
  ])('knows what encloses %s', (address, outer) => {
    expect(enclosing(address)).toEqual(outer);
  });
});

describe('retraction', () => {
  it('finds and undoes what an alert caused, and nothing else', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    await tell(one, 'b', T2, '203.0.113.8');
    expect(await effectsCausedBy(one.store, 'alert:alert-a')).toMatchObject([
      { target: `ipv4-addr:${IP}`, state: 'performed' },
    ]);
    expect(await retract(one.context, retraction('alert:alert-a'))).toMatchObject({
      undone: [expect.any(String)],
      kept: [],
      failed: [],
    });
    expect([...one.product.blocked]).toEqual(['203.0.113.8']);
    expect(await effectsCausedBy(one.store, 'alert:alert-a')).toEqual([]);
    expect((await one.rows('audit')).find((row) => row.action === 'effect.undoing')).toMatchObject({
      principal: 'user:ann',
      data: { reason: 'benign after all' },
    });
  });

  it('leaves what another alert claims, until that is retracted too', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    await tell(one, 'b', T2);
    expect(await retract(one.context, retraction('event:event-a'))).toMatchObject({
      undone: [],
      kept: [{ reason: 'still claimed by brute_force, step respond.block' }],
    });
    expect(one.product.blocked.has(IP)).toBe(true);
    expect(await retract(one.context, retraction('alert:alert-b'))).toMatchObject({ undone: [expect.any(String)] });
    expect(one.product.blocked.has(IP)).toBe(false);
  });

  it('of one alert leaves what another alert of the same story claims', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    await tell(one, 'b', T1);
    expect(await retract(one.context, retraction('alert:alert-a'))).toMatchObject({ undone: [] });
    expect(await retract(one.context, retraction('alert:alert-b'))).toMatchObject({ undone: [expect.any(String)] });
  });

  it('of a whole trace takes everything in it', async () => {
    const one = await world();
    await tell(one, 'a', T1);
    await tell(one, 'b', T1, '203.0.113.8');
    expect((await retract(one.context, retraction(T1))).undone).toHaveLength(2);
  });
});

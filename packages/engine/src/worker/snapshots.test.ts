import { isDeepStrictEqual } from 'node:util';
import { type Json, systemClock } from '@counterpoint/core';
import type { JournalRow, RunRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../interpreter/apply.ts';
import { ENTRY_VERSION, type Entry } from '../interpreter/entries.ts';
import { newState, type RunState, statusOf } from '../interpreter/state.ts';
import { planOf, playbookText } from '../testing/rig.ts';
import { type Answer, factsOf, failed, fold, simulate } from '../testing/simulate.ts';
import { encodeGraph, type Graph, referencesOf, reviveGraph } from './graph.ts';
import { readState } from './read-state.ts';
import { snapshotWrites } from './snapshots.ts';
import { keepValuesApart } from './values.ts';

const none = () => undefined;
const throughJson = (graph: Graph): Graph => JSON.parse(JSON.stringify(graph));
const revived = (value: unknown) => reviveGraph(throughJson(encodeGraph(value, none)), new Map());

describe('a graph', () => {
  it('gives back what was put in, through JSON', () => {
    const leaf = fc.oneof(
      fc.constantFrom(undefined, null, -0, Number.NaN, Number.POSITIVE_INFINITY, true, 'text', 10n ** 30n),
      fc.double(),
      fc.string(),
    );
    const anything = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.sparseArray(tie('value'), { maxLength: 5 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor')), tie('value'), { maxKeys: 3 }),
        fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
        fc.array(tie('value'), { maxLength: 3 }).map((members) => new Set(members)),
      ),
    })).value;
    fc.assert(fc.property(anything, (value) => void expect(isDeepStrictEqual(revived(value), value)).toBe(true)));
  });

  it('keeps what is shared shared, and what refers back referring back', () => {
    const shared = { n: 1 };
    const value: Record<string, unknown> = { one: shared, two: [shared], map: new Map([['k', shared]]) };
    value.self = value;
    const back = revived(value) as typeof value & { two: unknown[]; map: Map<string, unknown> };
    expect(back.one).toBe(back.two[0]);
    expect(back.map.get('k')).toBe(back.one);
    expect(back.self).toBe(back);
  });

  it('refuses what it could not give back', () => {
    expect(() => encodeGraph({ at: new Date() }, none)).toThrow(TypeError);
    expect(() => encodeGraph([() => 1], none)).toThrow(TypeError);
  });

  it('refers to what lies in a blob', () => {
    const large = { text: 'large' };
    const graph = encodeGraph({ a: large, b: [large] }, (value) =>
      value === large ? { id: 'x', size: 9 } : undefined,
    );
    expect(JSON.stringify(graph)).not.toContain('large');
    expect(referencesOf(graph)).toEqual([
      { id: 'x', size: 9 },
      { id: 'x', size: 9 },
    ]);
    expect(reviveGraph(throughJson(graph), new Map([['x', { text: 'large' }]]))).toEqual({ a: large, b: [large] });
  });
});

/** Loops in loops, errors collected and caught, branches side by side, a wait for the next attempt. */
const busy = planOf(
  playbookText(
    `  - id: wide
    parallel:
      left:
        - id: each
          foreach: inputs.list
          as: item
          max_parallel: 3
          on_item_error: collect
          do:
            - { id: look, action: fake.look, with: { v: "\${{ item }}" }, retry: { attempts: 2, delay: 1s } }
            - id: again
              foreach: "[1, 2]"
              as: inner
              do: [{ id: deep, set: { v: "\${{ inner * item }}" } }]
              yield: "\${{ steps.deep.v }}"
      right:
        - id: careful
          try: [{ id: b, action: fake.look, with: { v: 2 } }]
          catch: [{ do: [{ id: caught, set: { v: "\${{ error.name }}" } }] }]
        - id: rounds
          while: carry.left > 0
          max_iterations: 9
          carry: { left: { from: 3, next: "\${{ carry.left - 1 }}" } }
          do: [{ id: tick, action: fake.look, with: { v: "\${{ carry.left }}" } }]
    on_branch_error: collect`,
    'inputs: { list: { type: array, items: { type: integer } } }',
  ),
);
const answer: Answer = ({ input, attempt, address }) => {
  const v = Number(input.v);
  if (address === 'b' || (address.startsWith('each') && v % 3 === 2)) return failed('not_found');
  if (v % 5 === 0 && attempt === 1) return failed('unavailable', { retryable: true });
  return { status: 'succeeded', output: { v } };
};
const inputs = { list: [0, 1, 2, 3, 4, 5, 6] };

describe('a snapshot of a run', () => {
  it('with the rest of the journal gives the same state as the whole journal, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), fc.nat({ max: 60 }), fc.nat(), (stream, stop, at) => {
        const order = stream[Symbol.iterator]();
        const choose = (waiting: readonly unknown[]) => Number(order.next().value) % waiting.length;
        const { state, entries } = simulate(busy, { inputs, answer, choose, stopAfter: stop });
        const cut = at % (entries.length + 1);
        const resumed = revived(fold(entries.slice(0, cut), inputs)) as RunState;
        for (const entry of entries.slice(cut)) apply(resumed, entry);
        expect(resumed).toStrictEqual(state);
        for (const { scope } of resumed.open.values()) expect(resumed.scopes.get(scope.prefix)).toBe(scope);
      }),
      { numRuns: 200 },
    );
  });

  it('lets the run go on as if nothing had happened', () => {
    const expected = simulate(busy, { inputs, answer }).state.ending;
    for (let stop = 1; stop < 25; stop++) {
      const { state } = simulate(busy, { inputs, answer, stopAfter: stop });
      expect(simulate(busy, { answer, from: revived(state) as RunState }).state.ending).toEqual(expected);
    }
  });
});

describe('snapshots of a long journal', () => {
  const loop = planOf(
    playbookText(
      `  - { id: big, action: fake.look, with: { v: 1 } }
  - id: rounds
    while: carry.n < 4000
    max_iterations: 5000
    carry: { n: { from: 0, next: "\${{ carry.n + 1 }}" } }
    do: [{ id: x, set: { v: "\${{ carry.n }}" } }]
  - { id: last, action: fake.look, with: { v: 2 } }`,
    ),
  );
  const large = { text: 'x'.repeat(200_000) };
  const entries = simulate(loop, { answer: () => ({ status: 'succeeded', output: large }) }).entries;
  const row = {
    ...factsOf(),
    trigger_key: 'k',
    status: 'running',
    epoch: 1,
    seq: 0,
    outputs: null,
    error: null,
  } as RunRow;

  /** Writes a run as its worker does, a hundred entries at a time, up to `end`. */
  async function lived(end: number) {
    const store = createMemoryStore();
    const values = keepValuesApart(store, systemClock);
    const state = newState(row);
    await values.commit({ runs: [{ op: 'create', row }] });
    let bytes = 0;
    for (let seq = 0; seq < end; seq += 100) {
      const now = entries.slice(seq, Math.min(seq + 100, end));
      for (const entry of now) apply(state, entry);
      const batch = { entries: now.map((entry) => ({ entry, at: 1 })) };
      const to = seq + now.length;
      const rows = snapshotWrites(values, '1', { row, state }, batch, { to, at: 1 });
      bytes += JSON.stringify(rows).length;
      const journal = now.map((entry, index) => journalRow(entry, seq + index + 1));
      const status = statusOf(state);
      await values.commit({ runs: [{ op: 'advance', id: row.id, epoch: 1, seq, to, set: { status } }], journal, rows });
    }
    return { store, state, bytes, row: (await values.get('runs', row.id)) as RunRow };
  }
  const journalRow = (entry: Entry, seq: number): JournalRow => ({
    run: row.id,
    seq,
    epoch: 1,
    v: ENTRY_VERSION,
    kind: entry.kind,
    address: entry.address,
    data: entry.data as unknown as Json,
    at: 1,
  });

  /** Reads with a store that counts the entries that it gives. */
  async function readCounted(lives: Awaited<ReturnType<typeof lived>>, engine: string) {
    const values = keepValuesApart(lives.store, systemClock);
    let read = 0;
    const find: typeof values.find = async (table, query) => {
      const rows = await values.find(table, query);
      if (table === 'journal') read += rows.length;
      return rows;
    };
    return { ...(await readState({ ...values, find }, lives.row, engine)), read };
  }

  it('spare reading all but the last entries, and refer to large values', async () => {
    expect(entries.length).toBeGreaterThan(12_000);
    const lives = await lived(entries.length - 5);
    const snapshot = await lives.store.get('snapshots', row.id);
    expect(JSON.stringify(snapshot?.state).length).toBeLessThan(5_000);
    expect(lives.bytes).toBeLessThan(100_000);
    const { state, seq, read } = await readCounted(lives, '1');
    expect(seq).toBe(entries.length - 5);
    expect(read).toBeLessThan(1_100);
    expect(state).toStrictEqual(lives.state);
    expect(state.root.outputs.big).toEqual(large);
  });

  it('are left alone when another version or release wrote them', async () => {
    const lives = await lived(3_000);
    const other = await readCounted(lives, '2');
    expect(other.read).toBe(3_000);
    expect(other.state).toStrictEqual(lives.state);
    const snapshot = await lives.store.get('snapshots', row.id);
    await lives.store.commit({
      rows: [{ op: 'put', table: 'snapshots', row: { ...snapshot, v: 99, state: 'strange' } as never }],
    });
    expect((await readCounted(lives, '1')).read).toBe(3_000);
  });

  it('go with the end of the run', async () => {
    const { store } = await lived(entries.length);
    expect(await store.count('snapshots')).toBe(0);
  });
});

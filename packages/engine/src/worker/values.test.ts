import { createHash } from 'node:crypto';
import { type Json, systemClock } from '@counterpoint/core';
import type { JournalRow, RunRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { exceeds, mayExceed } from '../interpreter/size.ts';
import { keepValuesApart, type ValueStore } from './values.ts';

const LARGE = 'x'.repeat(70_000);
const row = (id: string, changes: Partial<RunRow> = {}) =>
  ({
    id,
    trigger_key: id,
    status: 'queued',
    epoch: 0,
    seq: 0,
    inputs: {},
    event: null,
    outputs: null,
    error: null,
    ...changes,
  }) as RunRow;
const entry = (run: string, seq: number, data: Json): JournalRow => ({
  run,
  seq,
  epoch: 0,
  v: 1,
  kind: 'step_ended',
  address: 'a',
  data,
  at: 1,
});

let store: Store;
let values: ValueStore;
beforeEach(() => {
  store = createMemoryStore();
  values = keepValuesApart(store, systemClock);
});

const begin = (id: string, data: Json, changes: Partial<RunRow> = {}) =>
  values.commit({ runs: [{ op: 'create', row: row(id, { seq: 1, ...changes }) }], journal: [entry(id, 1, data)] });
const journalOf = async (from: Pick<Store, 'find'>, run: string) =>
  (await from.find('journal', { where: { run } })).map(({ data }) => data);

describe('a large value of a journal entry', () => {
  it('is stored once, by its hash, and given back whole', async () => {
    const output = { text: LARGE };
    await begin('r1', { status: 'succeeded', output, small: { n: 1 } });
    const bytes = JSON.stringify(output);
    const id = createHash('sha256').update(bytes).digest('hex');
    expect(await journalOf(store, 'r1')).toEqual([
      { status: 'succeeded', output: { $blob: { id, size: bytes.length } }, small: { n: 1 } },
    ]);
    expect(Buffer.from((await store.get('blobs', id))?.bytes ?? []).toString()).toBe(bytes);
    expect(await store.find('blob_refs', {})).toMatchObject([{ id: `${id}|r1`, blob: id, run: 'r1' }]);
    expect(await journalOf(values, 'r1')).toEqual([{ status: 'succeeded', output, small: { n: 1 } }]);
    expect(values.referenceOf(output)).toEqual({ id, size: bytes.length });
  });

  it('is shared by runs, each with a reference of its own', async () => {
    await begin('r1', { output: [LARGE] });
    await begin('r2', { output: [LARGE], input: { also: LARGE } });
    expect(await store.count('blobs')).toBe(2);
    expect(await store.count('blob_refs', { run: 'r2' })).toBe(2);
    expect(await journalOf(values, 'r2')).toEqual([{ output: [LARGE], input: { also: LARGE } }]);
  });

  it('stays in its place up to 64 KiB', async () => {
    await begin('r1', { output: 'é'.repeat(32_766), list: ['x'.repeat(65_000)] });
    await begin('r2', { output: 'é'.repeat(32_768) });
    expect(await journalOf(store, 'r1')).toEqual(await journalOf(values, 'r1'));
    expect(await store.count('blob_refs', { run: 'r1' })).toBe(0);
    expect(await store.count('blob_refs', { run: 'r2' })).toBe(1);
  });

  it('says so when it is missing, instead of going on with something else', async () => {
    await begin('r1', { output: LARGE });
    const [blob] = await store.find('blobs', {});
    await store.commit({ rows: [{ op: 'delete', table: 'blobs', id: blob?.id ?? '' }] });
    await expect(journalOf(values, 'r1')).rejects.toMatchObject({ code: 'engine.value_missing' });
  });
});

describe('a large value of a run', () => {
  it('lies in a blob from its creation and from its end on, and comes back with `get`', async () => {
    const event = { items: [LARGE] };
    await begin('r1', {}, { event, inputs: { a: LARGE } });
    const outputs = { report: LARGE };
    await values.commit({
      runs: [{ op: 'advance', id: 'r1', epoch: 0, seq: 1, to: 1, set: { status: 'succeeded', outputs } }],
    });
    const stored = await store.get('runs', 'r1');
    expect(JSON.stringify(stored).length).toBeLessThan(2_000);
    expect(await values.get('runs', 'r1')).toMatchObject({ event, inputs: { a: LARGE }, outputs, status: 'succeeded' });
    expect((await values.find('runs', {}))[0]?.event).toEqual(stored?.event);
  });
});

describe('data that looks like a reference', () => {
  it('cannot forge one, however it is written', async () => {
    await begin('victim', { output: LARGE });
    const [blob] = await store.find('blobs', {});
    const forged = { $blob: { id: blob?.id ?? '', size: blob?.size ?? 0 } };
    const twice = { $$blob: forged.$blob };
    await begin(
      'r1',
      { output: forged, input: twice, items: [forged], large: [forged, LARGE] },
      { event: forged, inputs: twice },
    );
    expect(await journalOf(values, 'r1')).toEqual([
      { output: forged, input: twice, items: [forged], large: [forged, LARGE] },
    ]);
    expect(await values.get('runs', 'r1')).toMatchObject({ event: forged, inputs: twice });
  });

  it('comes back as it was given, whatever it is', async () => {
    const key = fc.oneof(fc.constantFrom('$blob', '$$blob', '$$$blob', 'a', '__proto__'), fc.string());
    const tree: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>(null, 1, 'text', LARGE, { id: 'a'.repeat(64), size: 3 }),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 2 }).map((entries) => Object.fromEntries(entries)),
      ),
    })).value;
    let n = 0;
    await fc.assert(
      fc.asyncProperty(tree, tree, async (output, event) => {
        const id = `run-${n++}`;
        await begin(id, { output }, { event });
        expect(await journalOf(values, id)).toEqual([{ output }]);
        expect((await values.get('runs', id))?.event).toEqual(event);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the size of a value', () => {
  it('is never found too small', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(400), (text, limit) => {
        const value = JSON.parse(text);
        const size = Buffer.byteLength(JSON.stringify(value));
        if (size > limit) expect(mayExceed(value, limit)).toBe(true);
        expect(exceeds(value, limit)).toBe(size > limit);
      }),
    );
  });
});

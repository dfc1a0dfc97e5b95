import { createDoor, createDoorContext, type Door } from '@counterpoint/actions';
import { defaultLimits, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { parseTable } from '@counterpoint/playbook';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createPlanSource } from '../playbooks/plan-source.ts';
import { createMortalStore } from '../testing/mortal-store.ts';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const senders = parseTable(`kind: table/v1
id: senders
title: Who sent what
key: Address of the sender
columns:
  count: { type: integer, default: 0 }
  owner: { type: string }
`);
const tables = new Map([[senders.id, senders]]);

const permissions = new Set(['action:change', 'action:read', 'table:read', 'table:write']);

const never = (): never => {
  throw new Error('not in this test');
};

/** The product's own door, with the built-in connectors alone. */
function doorOn(store: Store, clock = manualClock()): Door {
  const guard = never as never;
  const context = { store, guard, clock, tables, limits: defaultLimits, connectors: [] };
  return createDoor(createDoorContext({ ...context, egress: never, openSecret: never }));
}

function rigOn(store: Store, clock = manualClock(), workerId = 'w1'): Promise<Rig> {
  const plans = createPlanSource({ store, permissionsOf: async () => permissions });
  return createRig(store, { door: doorOn(store, clock), tables, clock, workerId, plans });
}

async function perform(door: Door, action: string, input: object, key = action) {
  const outcome = await door.perform(
    {
      connector: 'table',
      action,
      connection: undefined,
      input: { table: 'senders', ...input } as never,
      key,
      run: '',
      address: '',
      generation: 0,
      lease: undefined,
      holder: 'user:ada',
      permissions,
      timeout: undefined,
      causality: { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 },
      now: 0,
    },
    new AbortController().signal,
  );
  if (outcome.status === 'succeeded') return outcome.output;
  return 'error' in outcome ? outcome.error.code : outcome.status;
}

const COUNTS = playbookText(
  '  - { id: up, action: table.increment, with: { table: senders, key: a@b.example, column: count } }',
  `outputs: { n: "\${{ steps.up.value }}" }`,
);
const countOf = async (store: Store) =>
  ((await store.find('table_entries', { where: { table_name: 'senders' } }))[0]?.value as { count?: number })?.count ??
  0;

describe('tables', () => {
  it('hold rows that are set, read, counted, compared and removed', async () => {
    const store = createMemoryStore();
    const door = doorOn(store);
    expect(await perform(door, 'get', { key: 'x' })).toEqual({ found: false });
    expect(await perform(door, 'upsert', { key: 'x', value: { owner: 'ada' } })).toEqual({
      created: true,
      value: { count: 0, owner: 'ada' },
    });
    expect(await perform(door, 'increment', { key: 'x', column: 'count', by: 5 })).toEqual({ value: 5 });
    expect(await perform(door, 'get', { key: 'x' })).toEqual({ found: true, value: { count: 5, owner: 'ada' } });
    const swap = { key: 'x', expected: { owner: 'ada', count: 5 }, value: { count: 6 } };
    expect(await perform(door, 'compare_and_set', swap)).toEqual({ swapped: true, value: { count: 6 } });
    expect(await perform(door, 'compare_and_set', swap, 'again')).toEqual({ swapped: false, value: { count: 6 } });
    expect(await perform(door, 'list', {})).toEqual({ rows: [{ key: 'x', value: { count: 6 } }] });
    expect(await perform(door, 'delete', { key: 'x' })).toEqual({ deleted: true });
    expect(await perform(door, 'delete', { key: 'x' }, 'once more')).toEqual({ deleted: false });
    expect(await store.count('table_entries')).toBe(0);
  });

  it.each([
    ['get', { table: 'sendrs', key: 'x' }, 'cases.table_unknown'],
    ['upsert', { key: 'x', value: { count: 'many' } }, 'cases.table_row_invalid'],
    ['upsert', { key: 'x', value: { other: 1 } }, 'cases.table_row_invalid'],
    ['upsert', { key: 'x', value: { owner: 'x'.repeat(70_000) } }, 'cases.table_row_invalid'],
    ['increment', { key: 'x', column: 'count', by: 0.5 }, 'cases.table_row_invalid'],
    ['increment', { key: 'x', column: 'other' }, 'cases.table_column_invalid'],
    ['increment', { key: '', column: 'count' }, 'actions.invalid_input'],
    ['get', { key: null }, 'actions.invalid_input'],
  ])('refuse %s with %o', async (action, input, code) => {
    const store = createMemoryStore();
    expect(await perform(doorOn(store), action, input)).toBe(code);
    expect(await store.count('table_entries')).toBe(0);
  });

  it('count 1,000 concurrent increments to exactly 1,000', async () => {
    const store = createMemoryStore();
    // Two doors, as of two processes on one database.
    const doors = [doorOn(store), doorOn(store)];
    const increments = Array.from({ length: 1_000 }, (_, n) =>
      perform(doors[n % 2] as Door, 'increment', { key: 'k', column: 'count' }, `n${n}`),
    );
    const values = (await Promise.all(increments)).map((one) => (one as { value: number }).value);
    expect(await countOf(store)).toBe(1_000);
    expect(new Set(values).size).toBe(1_000);
    expect(await store.count('table_entries')).toBe(1);
  });

  it.each([1, 2, 3, 4, 5].flatMap((commit) => [true, false].map((durable) => ({ commit, durable }))))(
    'count a step once when the process dies at a commit: %o',
    async (death) => {
      const inner = createMemoryStore();
      const clock = manualClock();
      const before = await rigOn(inner, clock);
      await before.publish(COUNTS);
      await before.engine.stop();
      const mortal = await rigOn(createMortalStore(inner, death), clock);
      void mortal.run().catch(() => undefined);
      await settled();
      const after = await rigOn(inner, clock, 'w2');
      await after.settle(1_000, 3);
      const [run] = await inner.find('runs', {});
      expect(run ? [run.status, run.outputs, await countOf(inner)] : []).toEqual(run ? ['succeeded', { n: 1 }, 1] : []);
      expect(await inner.count('table_entries')).toBe(run ? 1 : 0);
    },
  );
});

describe('lookup', () => {
  const LOOKS = playbookText(
    `  - { id: known, set: { counts: '\${{ inputs.names.map(n, coalesce(lookup("senders", n).count, -1)) }}' } }
  - id: big
    if: lookup("senders", "a").count > 3
    then: [{ id: yes, set: { v: 1 } }]
  - { id: none, if: 'lookup("senders", "a").count > 100', set: { v: 1 } }
  - { id: each, foreach: '[1, 4, 9].filter(n, n < lookup("senders", "a").count)', do: [{ id: s, set: { v: '\${{ lookup("senders", "b").owner }}' } }] }`,
    `inputs: { names: { type: array, items: { type: string } } }
outputs: { counts: "\${{ steps.known.counts }}", yes: "\${{ outcome.yes.status }}", none: "\${{ outcome.none.status }}", each: "\${{ steps.each.items }}" }`,
  );

  it('reads rows before a step begins, all at once, and keeps what it read in the journal', async () => {
    const store = createMemoryStore();
    const door = doorOn(store);
    await perform(door, 'upsert', { key: 'a', value: { count: 5 } }, '1');
    await perform(door, 'upsert', { key: 'b', value: { owner: 'ada' } }, '2');
    const rig = await rigOn(store);
    await rig.publish(LOOKS);
    const commits: unknown[] = [];
    store.onCommitted((change) => commits.push(change));
    const run = await rig.run({ names: ['a', 'b', 'c'] });
    await settled();
    expect(rig.problems).toEqual([]);
    expect(rig.finished).toMatchObject([
      { outputs: { counts: [5, 0, -1], yes: 'succeeded', none: 'skipped', each: Array(2).fill({ v: 'ada' }) } },
    ]);
    expect(commits).toHaveLength(1);
    const kept = await store.find('journal', { where: { run, address: 'known', kind: 'looked_up' } });
    expect(kept).toMatchObject([
      {
        data: {
          rows: [
            { key: 'a', value: { count: 5 } },
            { key: 'b', value: { count: 0 } },
            { key: 'c', value: null },
          ],
        },
      },
    ]);
  });

  it('fails the step on a table that does not exist, and on a key that is none', async () => {
    const rig = await rigOn(createMemoryStore());
    const failing = (expression: string): string =>
      playbookText(
        `  - { id: a, set: { v: '\${{ ${expression} }}' }, on_failure: continue }`,
        `outputs: { e: "\${{ outcome.a.error.code }}" }`,
      );
    await rig.publish(failing('lookup("sendrs", "a")'));
    await rig.run();
    await rig.publish(failing('lookup("senders", [1])'));
    await rig.run();
    await settled();
    expect(rig.finished.map(({ outputs }) => outputs)).toEqual([
      { e: 'cases.table_unknown' },
      { e: 'engine.lookup_key_invalid' },
    ]);
  });
});

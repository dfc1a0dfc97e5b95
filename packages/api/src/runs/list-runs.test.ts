import { stableId } from '@counterpoint/core';
import type { AlertRow, CaseRow, EffectRow, InboxItemRow, PlaybookRow, RunRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { listRuns } from './list-runs.ts';
import type { RunListQuery } from './run-filter.ts';
import { createVersionNumbers } from './version-numbers.ts';

const NOW = 100_000;
let store: Store;
beforeEach(() => {
  store = createMemoryStore();
});

function aRun(id: string, over: Partial<RunRow> = {}): RunRow {
  const row = { id, playbook: 'block_ip', version: 'v1', trigger_key: id, trigger_kind: 'alert', status: 'succeeded' };
  const more = { seq: 0, epoch: 0, error_code: '', case_id: null, trace: `t-${id}`, simulated: false, site: '' };
  return { ...row, ...more, created_at: 1_000, ended_at: 3_000, error: null, ...over } as RunRow;
}

async function given(...runs: readonly RunRow[]): Promise<void> {
  for (const row of runs) await store.commit({ runs: [{ op: 'create', row }] });
}

async function put(table: string, row: object): Promise<void> {
  await store.commit({ rows: [{ op: 'put', table, row } as never] });
}

async function found(query: Partial<RunListQuery>): Promise<readonly string[]> {
  const all: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await list({ limit: 2, ...query, cursor });
    all.push(...page.items.map(({ id }) => id));
    if (page.next === null) return all;
    cursor = page.next;
  }
}

function list(query: Partial<RunListQuery>) {
  return listRuns(store, createVersionNumbers(store), { limit: 50, ...query } as RunListQuery, NOW);
}

describe('the list of runs', () => {
  it('says of each what it is, how long it took, what it does and for whom it waits', async () => {
    await put('playbooks', { id: 'block_ip', title: 'Block an address' } as PlaybookRow);
    await put('playbook_versions', { id: 'v1', playbook: 'block_ip', number: 7, source: '' });
    await given(aRun('ended'), aRun('live', { status: 'waiting', ended_at: null, seq: 2, epoch: 1 }));
    const entry = { run: 'live', epoch: 1, v: 1, data: {}, at: 1_500 };
    await store.commit({
      runs: [{ op: 'advance', id: 'live', epoch: 1, seq: 2, to: 4, set: {} }],
      journal: [
        { ...entry, seq: 3, kind: 'step_started', address: 'a' },
        { ...entry, seq: 4, kind: 'people_asked', address: 'sure' },
      ],
    });
    const item = {
      id: 'i1',
      run: 'live',
      kind: 'approval',
      status: 'open',
      text: 'Block?',
      address: 'sure',
      due_at: null,
    };
    await put('inbox_items', item as unknown as InboxItemRow);
    await put('inbox_items', { ...item, id: 'i2', status: 'approved' });
    const { items } = await list({});
    expect(items).toMatchObject([
      { id: 'ended', title: 'Block an address', number: 7, duration: 2_000, last: null, waits_for: [] },
      {
        id: 'live',
        duration: 99_000,
        last: { kind: 'people_asked', address: 'sure' },
        waits_for: [{ id: 'i1', text: 'Block?' }],
      },
    ]);
  });

  it('shows the id of a playbook that is gone, and no number of a version that is', async () => {
    await given(aRun('r'));
    expect((await list({})).items).toMatchObject([{ title: 'block_ip', number: null }]);
  });

  it('names who cancelled it', async () => {
    await put('users', { id: '1-a', name: 'ada' });
    const error = { code: 'engine.cancelled', name: 'cancelled', message: 'no need (user:1-a)', step: '' };
    await given(aRun('r1', { status: 'cancelled', error }), aRun('r2', { error: { ...error, message: 'x (user:2)' } }));
    const { items } = await list({});
    expect(items.map((row) => row.error)).toMatchObject([{ message: 'no need (ada)' }, { message: 'x (user:2)' }]);
  });

  it('takes several states, kinds of trigger, errors, versions and times', async () => {
    await given(
      aRun('a', { status: 'failed', error_code: 'connector.timeout', created_at: 1 }),
      aRun('b', { status: 'cancelled', trigger_kind: 'manual', created_at: 2 }),
      aRun('c', { version: 'v2', created_at: 3, simulated: true }),
    );
    expect(await found({ status: ['failed', 'cancelled'] })).toEqual(['b', 'a']);
    expect(await found({ trigger_kind: ['manual'] })).toEqual(['b']);
    expect(await found({ error_code: 'connector.timeout' })).toEqual(['a']);
    expect(await found({ version: 'v2' })).toEqual(['c']);
    expect(await found({ since: 2 })).toEqual(['c', 'b']);
    expect(await found({ since: 1, until: 2 })).toEqual(['a']);
    expect(await found({ until: 3 })).toEqual(['b', 'a']);
    expect(await found({ simulated: 'true' })).toEqual(['c']);
  });

  it('finds by the beginning of an id and by text of the playbook, page by page without repeating', async () => {
    await put('playbooks', { id: 'phish', title: 'Answer to Phishing' } as PlaybookRow);
    await put('playbooks', { id: 'block_ip', title: 'Block' } as PlaybookRow);
    await given(
      ...['phi1', 'x1', 'x2', 'x3', 'phi2'].map((id, index) =>
        aRun(id, { playbook: id.startsWith('x') ? 'phish' : 'block_ip', created_at: 10 + index }),
      ),
      aRun('other'),
    );
    expect(await found({ q: 'phi' })).toEqual(['phi2', 'x3', 'x2', 'x1', 'phi1']);
    expect(await found({ q: 'PHISHING' })).toEqual(['x3', 'x2', 'x1']);
    expect(await found({ q: 'phi', playbook: 'block_ip' })).toEqual(['phi2', 'phi1']);
    expect(await found({ q: 'nothing of the kind' })).toEqual([]);
  });

  it('finds what has to do with an observable: by alerts, cases and effects, defanged or not', async () => {
    const observable = stableId('observable', 'ipv4-addr', '203.0.113.7');
    await put('observable_links', { id: 'l1', observable, subject: 'alert:a1', at: 1, trace: 't-byalert' });
    await put('observable_links', { id: 'l2', observable, subject: 'case:c1', at: 2, trace: 'elsewhere' });
    await put('effects', {
      id: 'e',
      key: 'e',
      target: 'ipv4-addr:203.0.113.7',
      trace: 't-byeffect',
      created_at: 1,
    } as EffectRow);
    await given(
      aRun('byalert', { created_at: 4 }),
      aRun('bycase', { case_id: 'c1', created_at: 3 }),
      aRun('byeffect', { created_at: 2 }),
      aRun('other', { created_at: 1, case_id: 'c2' }),
    );
    const all = ['byalert', 'bycase', 'byeffect'];
    expect(await found({ observable: '203.0.113.7' })).toEqual(all);
    expect(await found({ observable: '203[.]0[.]113[.]7' })).toEqual(all);
    expect(await found({ observable: '203.0.113.7', case: undefined, q: 'by' })).toEqual(all);
    expect(await found({ observable: '198.51.100.1' })).toEqual([]);
    expect(await found({ observable: 'not an observable' })).toEqual([]);
  });

  it('finds by case and by alert, also together', async () => {
    await put('cases', { id: 'c1', trace: 't-first' } as CaseRow);
    await put('alerts', { id: 'a1', trace: 't-first' } as AlertRow);
    await given(
      aRun('first', { created_at: 3 }),
      aRun('second', { case_id: 'c1', created_at: 2 }),
      aRun('both', { case_id: 'c1', trace: 't-first', created_at: 1 }),
      aRun('other'),
    );
    expect(await found({ case: 'c1' })).toEqual(['first', 'second', 'both', ...[]]);
    expect(await found({ alert: 'a1' })).toEqual(['first', 'both']);
    expect(await found({ case: 'c1', alert: 'a1' })).toEqual(['first', 'both']);
    await expect(list({ case: 'c9' })).rejects.toMatchObject({ code: 'api.not_found' });
    await expect(list({ alert: 'a9' })).rejects.toMatchObject({ code: 'api.not_found' });
  });
});

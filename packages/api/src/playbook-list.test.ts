import type { PlaybookRow, RowWrite, RunRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createPlaybookList } from './handlers/playbook-list.ts';

const NOW = 1_000_000_000_000;
const HOUR = 3_600_000;

const source = (id: string): string =>
  `kind: playbook/v1\nid: ${id}\ntitle: T\ndescription: About ${id}\non: [{ alert: true }, { manual: {} }]\nsteps:\n  - id: a\n    if: true\n    then: [{ id: b, fail: c }]\n`;

function playbook(id: string, at: number, more: Partial<PlaybookRow> = {}): readonly RowWrite[] {
  const version = {
    id: `v-${id}`,
    playbook: id,
    number: 3,
    source: source(id),
    published_at: at,
    principal: 'user:ada',
  };
  const row: PlaybookRow = {
    id,
    kind: 'playbook',
    title: `Title of ${id}`,
    current: version.id,
    enabled: true,
    updated_at: at,
    rev: 1,
    ...more,
  };
  return [
    { op: 'insert', table: 'playbooks', row },
    { op: 'insert', table: 'playbook_versions', row: version },
  ];
}

function run(id: string, of: string, at: number, status: RunRow['status']): RunRow {
  return { id, playbook: of, status, created_at: at, ended_at: at, trigger_key: id } as RunRow;
}

let store: ReturnType<typeof createMemoryStore>;
beforeEach(async () => {
  store = createMemoryStore();
  const rows = [
    ...playbook('one', 1),
    ...playbook('two', 2, { enabled: false }),
    ...playbook('three', 3),
    ...playbook('reacts', 4, { kind: 'reaction' }),
  ];
  const runs = [
    run('r1', 'one', NOW - 30 * HOUR, 'failed'),
    run('r2', 'three', NOW - 2 * HOUR, 'failed'),
    run('r3', 'three', NOW - HOUR, 'succeeded'),
    ...Array.from({ length: 8 }, (_, index) => run(`busy${index}`, 'three', NOW - index, 'succeeded')),
  ];
  await store.commit({ rows, runs: runs.map((row) => ({ op: 'create', row })) });
  const draft = { id: 'two', source: 'x', base: '', tests: [], principal: 'user:ada', updated_at: 1, rev: 1 };
  await store.commit({ rows: [{ op: 'insert', table: 'drafts', row: draft }] });
});

const list = () => createPlaybookList(store, () => NOW);

describe('the list of playbooks', () => {
  it('says of each what it does, what starts it, and how it fares', async () => {
    const { items, next } = await list()({ limit: 50, kind: 'playbook' });
    expect(next).toBeNull();
    expect(items.map(({ id }) => id)).toEqual(['three', 'two', 'one']);
    expect(items[0]).toMatchObject({
      number: 3,
      description: 'About three',
      steps: 2,
      triggers: [
        { kind: 'alert', summary: 'new alert' },
        { kind: 'manual', summary: 'by hand' },
      ],
      last_run: { id: 'busy0', status: 'succeeded' },
      runs_24h: 10,
      failures_24h: 1,
      has_draft: false,
    });
    expect(items[1]).toMatchObject({ last_run: null, runs_24h: 0, has_draft: true, enabled: false });
    expect(items[2]).toMatchObject({ last_run: { id: 'r1', status: 'failed' }, runs_24h: 0, failures_24h: 0 });
  });

  it('is narrowed down by kind, text and whether they are enabled', async () => {
    const ids = async (query: object) => {
      const { items } = await list()({ limit: 50, kind: 'playbook', ...query });
      return items.map(({ id }) => id);
    };
    expect(await ids({ kind: 'reaction' })).toEqual(['reacts']);
    expect(await ids({ kind: 'all', q: 'TITLE OF T' })).toEqual(['three', 'two']);
    expect(await ids({ enabled: 'false' })).toEqual(['two']);
    expect(await ids({ q: 'nothing' })).toEqual([]);
  });

  it('is paged also when a text is searched for', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await list()({ limit: 1, kind: 'all', q: 'title', cursor });
      seen.push(...items.map(({ id }) => id));
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['reacts', 'three', 'two', 'one']);
  });
});

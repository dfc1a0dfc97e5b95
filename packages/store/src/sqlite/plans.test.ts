import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@counterpoint/core';
import type { TableName } from '@counterpoint/events';
import type Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnyQuery, countStatement, selectStatement, tallyStatement } from '../sql/select.ts';
import { tables } from '../tables/index.ts';
import { connect } from './connect.ts';
import { sqliteDialect } from './dialect.ts';

let directory: string;
let database: Database.Database;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'counterpoint-plans-'));
  database = connect(directory, systemClock);
});
afterAll(() => {
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

/** How SQLite finds the rows of a query. */
function planOf({ sql, values }: ReturnType<typeof selectStatement>): string {
  const rows = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  return rows.map(({ detail }) => detail).join('; ');
}

const live = { in: ['queued', 'running', 'waiting'] };

/** What workers ask again and again; none of it may look at every row of a large table. */
const asked: readonly (readonly [what: string, table: TableName, query: AnyQuery])[] = [
  ['the run of a trigger key', 'runs', { where: { trigger_key: 'p/t|1' }, limit: 1 }],
  ['a run', 'runs', { where: { id: 'r' }, limit: 1 }],
  ['runs that nobody works on', 'runs', { where: { status: live, lease_until: { lt: 5 } }, limit: 500 }],
  ['called runs', 'runs', { where: { parent: { prefix: 'run:r/' }, status: live } }],
  ['runs of a trace', 'runs', { where: { trace: 't' } }],
  [
    'the newest runs before a moment',
    'runs',
    { where: { created_at: { lt: 5 } }, orderBy: [{ column: 'created_at', descending: true }], limit: 101 },
  ],
  [
    'runs that failed with an error',
    'runs',
    { where: { error_code: 'a.b' }, orderBy: [{ column: 'created_at', descending: true }], limit: 101 },
  ],
  [
    'runs of a case',
    'runs',
    { where: { case_id: 'c' }, orderBy: [{ column: 'created_at', descending: true }], limit: 101 },
  ],
  [
    'the newest facts of several runs',
    'journal',
    { where: { run: { in: ['r', 's'] }, seq: { in: [7, 9] } }, limit: 5_000 },
  ],
  [
    'effects on a target',
    'effects',
    { where: { target: 'ipv4-addr:203.0.113.7' }, orderBy: [{ column: 'created_at', descending: true }], limit: 1_000 },
  ],
  [
    'changes in force',
    'effects',
    {
      where: { state: { in: ['performed', 'unknown'] }, undo_of: '', ended_at: null },
      orderBy: [{ column: 'created_at', descending: true }],
      limit: 100,
    },
  ],
  [
    'effects since a time',
    'effects',
    { where: { created_at: { gte: 5 } }, orderBy: [{ column: 'created_at', descending: true }], limit: 100 },
  ],
  [
    'effects of a connector',
    'effects',
    { where: { connector: 'fw' }, orderBy: [{ column: 'created_at', descending: true }], limit: 100 },
  ],
  [
    'what somebody did',
    'audit',
    { where: { principal: 'user:u' }, orderBy: [{ column: 'seq', descending: true }], limit: 100 },
  ],
  [
    'what was done to something',
    'audit',
    { where: { object: 'effect:e' }, orderBy: [{ column: 'seq', descending: true }], limit: 100 },
  ],
  [
    'what was done of a kind',
    'audit',
    { where: { action: 'effect.undone' }, orderBy: [{ column: 'seq', descending: true }], limit: 100 },
  ],
  [
    'the last entry up to a time',
    'audit',
    { where: { at: { lte: 5 } }, orderBy: [{ column: 'at', descending: true }], limit: 1 },
  ],
  ['a journal', 'journal', { where: { run: 'r', seq: { gt: 7 } }, orderBy: [{ column: 'seq' }], limit: 1_000 }],
  ['timers that are due', 'timers', { where: { due_at: { lte: 5 } }, orderBy: [{ column: 'due_at' }] }],
  ['timers of a run', 'timers', { where: { run: 'r' } }],
  ['signals of a run', 'signals', { where: { run: 'r' } }],
  ['who waits for a topic', 'subscriptions', { where: { topic: 'a.b.v1', key: { in: ['', 'k'] } } }],
  [
    'what a value begins with',
    'observables',
    { where: { value: { prefix: '203.0.' } }, orderBy: [{ column: 'value' }], limit: 500 },
  ],
  [
    'what lies below a domain',
    'observables',
    { where: { reversed: { prefix: 'com.example.' } }, orderBy: [{ column: 'reversed' }], limit: 500 },
  ],
  ['a snapshot', 'snapshots', { where: { id: 'r' }, limit: 1 }],
  ['large values', 'blobs', { where: { id: { in: ['a', 'b'] } } }],
  ['references to a value', 'blob_refs', { where: { blob: 'a' } }],
  ['the effect of a key', 'effects', { where: { key: 'k' }, limit: 1 }],
  ['effects of a run', 'effects', { where: { run: 'r' } }],
  ['open claims of a run', 'claims', { where: { holder: { prefix: 'run:r/' }, ended_at: null }, limit: 1 }],
  [
    'events to deliver',
    'outbox',
    { where: { state: 'pending', next_at: { lte: 5 } }, orderBy: [{ column: 'next_at' }] },
  ],
  ['old events', 'outbox', { where: { state: 'delivered', next_at: { lt: 5 } }, orderBy: [{ column: 'next_at' }] }],
  [
    'the log behind a position',
    'outbox',
    { where: { position: { gt: 5 } }, orderBy: [{ column: 'position' }], limit: 500 },
  ],
  [
    'the end of the log',
    'outbox',
    { where: { position: { gt: 0 } }, orderBy: [{ column: 'position', descending: true }], limit: 1 },
  ],
  [
    'the log since a time',
    'outbox',
    { where: { state: 'delivered', next_at: { gte: 5 } }, orderBy: [{ column: 'next_at' }], limit: 200 },
  ],
  [
    'what waits of a subject',
    'deliveries',
    {
      where: { consumer: 'c', subject: 's', state: { in: ['retry', 'behind'] } },
      orderBy: [{ column: 'position' }],
      limit: 100,
    },
  ],
  [
    'what waits of a consumer',
    'deliveries',
    {
      where: { consumer: 'c', state: { in: ['retry', 'behind'] } },
      orderBy: [{ column: 'subject' }, { column: 'position' }],
      limit: 100,
    },
  ],
  [
    'deliveries that are due',
    'deliveries',
    { where: { consumer: 'c', state: 'retry', next_at: { lte: 5 } }, limit: 100 },
  ],
  ['deliveries of events', 'deliveries', { where: { event: { in: ['a', 'b'] } } }],
  ['how far consumers have come', 'consumers', { where: { id: 'c' }, limit: 1 }],
  ['old inputs', 'raw_inputs', { where: { state: 'processed', received_at: { lt: 5 } } }],
  ['questions about a run', 'inbox_items', { where: { run: 'r', status: 'open' }, limit: 1 }],
  [
    'new alerts',
    'alerts',
    {
      where: { status: { in: ['new'] }, created_at: { gte: 0 } },
      orderBy: [{ column: 'created_at', descending: true }],
    },
  ],
  ['alerts of a case', 'alerts', { where: { case_id: 'c' }, limit: 500 }],
  [
    'what holds an observable',
    'observable_links',
    { where: { observable: 'o' }, orderBy: [{ column: 'at', descending: true }], limit: 5_000 },
  ],
  ['open cases', 'cases', { where: { status: 'open' }, orderBy: [{ column: 'created_at', descending: true }] }],
  ['cases of a person', 'cases', { where: { owner: 'u' }, orderBy: [{ column: 'created_at', descending: true }] }],
  [
    'what waits for people',
    'inbox_items',
    { where: { status: 'open' }, orderBy: [{ column: 'created_at', descending: true }] },
  ],
  ['the place of a run', 'run_slots', { where: { run: 'r' } }],
];

describe('what is asked again and again', () => {
  it.each(asked)('finds %s by an index', (_what, table, query) => {
    const plan = planOf(selectStatement(sqliteDialect, tables[table], query));
    expect(plan).toMatch(/^SEARCH/);
    expect(plan).not.toMatch(/SCAN/);
    expect(planOf(countStatement(sqliteDialect, tables[table], query.where))).not.toMatch(/SCAN/);
  });

  it('walks the log in the order of its positions, without sorting what is behind', () => {
    const query = { where: { position: { gt: 5 } }, orderBy: [{ column: 'position' }], limit: 500 };
    const plan = planOf(selectStatement(sqliteDialect, tables.outbox, query));
    expect(plan).toContain('outbox_by_position');
    expect(plan).not.toMatch(/TEMP B-TREE FOR ORDER BY/);
  });

  it('walks the oldest runs in the order of their ids, without sorting', () => {
    const plan = planOf(selectStatement(sqliteDialect, tables.runs, { after: ['r'], limit: 50 }));
    expect(plan).toMatch(/^SEARCH runs USING INDEX/);
    expect(plan).not.toContain('TEMP B-TREE');
  });

  it.each([
    ['words of titles', { where: { created_at: { gte: 0 }, title: { holding: ['ssh'] } } }],
    ['a verdict', { where: { created_at: { gte: 0 }, verdict: { in: ['malicious'] } } }],
    ['a source', { where: { created_at: { gte: 0 }, source: { in: ['edr'] } } }],
  ] as const)('walks alerts from the newest on for %s, over an index that holds what is looked for', (_what, query) => {
    const orderBy = [{ column: 'created_at', descending: true }] as const;
    const plan = planOf(selectStatement(sqliteDialect, tables.alerts, { ...query, orderBy, limit: 51 }));
    expect(plan).toContain('alerts_by_created_at_verdict_source_simulated_title');
    expect(plan).not.toMatch(/TEMP B-TREE FOR ORDER BY/);
  });

  it.each([
    ['alerts', { acknowledged_at: { gte: 5 }, acknowledged_by: { prefix: 'user:' } }, 'acknowledge_ms'],
    ['alerts', { resolved_at: { gte: 5 } }, 'resolve_ms'],
    ['cases', { acknowledged_at: { gte: 5 }, acknowledged_by: { prefix: 'user:' } }, 'acknowledge_ms'],
    ['cases', { closed_at: { gte: 5 } }, 'resolve_ms'],
  ] as const)('tells how long %s took without reading one: %o', (table, where, column) => {
    const query = { where: { ...where, [column]: { gte: 0, lt: 9 } }, slice: { column, width: 10 }, sum: [column] };
    expect(planOf(tallyStatement(sqliteDialect, tables[table], query))).toMatch(/SEARCH .* USING COVERING INDEX/);
  });

  it('counts the queue by its filters without reading an alert', () => {
    const by = ['status', 'severity', 'verdict', 'source'];
    const where = { created_at: { gte: 5 }, title: { holding: ['ssh'] } };
    expect(planOf(tallyStatement(sqliteDialect, tables.alerts, { by, where }))).toContain('COVERING INDEX');
  });
});

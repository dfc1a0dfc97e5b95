import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@counterpoint/core';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyBackup } from '../backup/manifest.ts';
import { postgresDialect } from '../postgres/dialect.ts';
import { connect } from '../sqlite/connect.ts';
import { sqliteDialect } from '../sqlite/dialect.ts';
import { allTables } from '../tables/index.ts';
import { MIGRATIONS_TABLE, migrations, SCHEMA_VERSION } from './index.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'counterpoint-migrations-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A database that the release with schema version 1 left behind, with a run and two journal entries. */
function leaveVersionOne(): void {
  const database = new Database(join(directory, 'counterpoint.db'));
  database.pragma('journal_mode = WAL');
  database.exec(MIGRATIONS_TABLE);
  for (const statement of migrations[0]?.statements(sqliteDialect) ?? []) database.exec(statement);
  database.exec("INSERT INTO migrations VALUES (1, 'foundation', 1)");
  database.exec(`INSERT INTO settings (id, value, rev) VALUES ('installation', '"inst-1"', 1)`);
  database.exec(`INSERT INTO runs (id, playbook, version, engine, status, paused, epoch, seq, owner, lease_until, priority,
    trigger_kind, trigger_key, parent, simulated, created_at, principal, trace, cause, hop)
    VALUES ('r1', 'p', 'v', '1', 'waiting', 0, 3, 2, '', 0, 1, 'manual', 'p/t|1', '', 0, 5, 'system', 't', '', 0)`);
  database.exec(`UPDATE runs SET error = '{"code":"connector.unavailable","message":"m"}'`);
  for (const seq of [1, 2]) {
    database.exec(`INSERT INTO journal VALUES ('r1', ${seq}, 3, 1, 'step_ready', 'a', '{}', 5)`);
  }
  database.close();
}

/** Columns (kind, nullability), keys and indexes of a table, as the database has them. */
function shapeOf(database: Database.Database, table: string) {
  const columns = database.pragma(`table_info("${table}")`) as {
    name: string;
    type: string;
    notnull: number;
    pk: number;
  }[];
  const indexes = database.pragma(`index_list("${table}")`) as { name: string; unique: number; origin: string }[];
  return {
    columns: Object.fromEntries(columns.map(({ name, type, notnull }) => [name, { type, nullable: notnull === 0 }])),
    key: columns
      .filter(({ pk }) => pk > 0)
      .toSorted((a, b) => a.pk - b.pk)
      .map(({ name }) => name),
    indexes: indexes
      .filter(({ origin }) => origin === 'c')
      .map(
        ({ name, unique }) =>
          `${unique ? 'unique ' : ''}${(database.pragma(`index_info("${name}")`) as { name: string }[]).map((one) => one.name).join()}`,
      )
      .toSorted(),
  };
}

describe('migrations', () => {
  it('count up from 1 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('never change, since a database somewhere has taken them: what is new belongs into a step of its own', () => {
    const digest = (statements: readonly string[]) =>
      createHash('sha256').update(statements.join(';\n')).digest('hex').slice(0, 16);
    const taken = migrations.map(({ name, statements }) =>
      [name, digest(statements(sqliteDialect)), digest(statements(postgresDialect))].join(' '),
    );
    expect(taken).toEqual([
      'foundation bacd592596b25e0b 7275888709888235',
      'durable runs 811f548d81a29e1e b62f23c60c8e1cf7',
      'fabric b5c91eedc9db647c c2ba62109aa6793d',
      'console 0a7ad9b6f779903c 6952249e2039bf69',
      'after console 763dc80b952542eb 766dbfffc00c64fb',
    ]);
  });

  it('lead to exactly the tables that the code describes', () => {
    const database = connect(directory, systemClock);
    for (const table of allTables) {
      const described = {
        columns: Object.fromEntries(
          table.columns.map(({ name, kind, nullable }) => [name, { type: sqliteDialect.types[kind], nullable }]),
        ),
        key: table.key,
        indexes: [
          ...table.unique.map((columns) => `unique ${columns.join()}`),
          ...table.indexes.map((columns) => columns.join()),
        ].toSorted(),
      };
      expect(shapeOf(database, table.name), table.name).toEqual(described);
    }
    database.close();
  });
});

describe('a SQLite database of version 1', () => {
  it('keeps its rows, gives old runs the defaults of new columns, and looks like a fresh one', () => {
    leaveVersionOne();
    const migrated = connect(directory, systemClock);
    expect(migrated.prepare('SELECT seq, status, origin, concurrency, case_id, error_code FROM runs').all()).toEqual([
      { seq: 2, status: 'waiting', origin: '', concurrency: '', case_id: null, error_code: 'connector.unavailable' },
    ]);
    expect(migrated.prepare('SELECT count(*) FROM journal').pluck().get()).toBe(2);
    const fresh = connect(mkdtempSync(join(directory, 'fresh-')), systemClock);
    for (const { name } of allTables) expect(shapeOf(migrated, name), name).toEqual(shapeOf(fresh, name));
    migrated.close();
    fresh.close();
  });

  it('turns the domains that are there, so that what lies below one is found', () => {
    leaveVersionOne();
    const before = new Database(join(directory, 'counterpoint.db'));
    for (const [id, type, value] of [
      ['a', 'domain-name', 'login.bad.example'],
      ['b', 'domain-name', 'local'],
      ['c', 'ipv4-addr', '203.0.113.7'],
    ]) {
      before.exec(`INSERT INTO observables (id, type, value, first_seen) VALUES ('${id}', '${type}', '${value}', 1)`);
    }
    before.close();
    const migrated = connect(directory, systemClock);
    expect(migrated.prepare('SELECT reversed FROM observables ORDER BY id').pluck().all()).toEqual([
      'example.bad.login.',
      'local.',
      '',
    ]);
    migrated.close();
  });

  it('tells from the audit log when alerts and cases were taken in hand', () => {
    leaveVersionOne();
    const before = new Database(join(directory, 'counterpoint.db'));
    for (const [id, status, inCase, verdict] of [
      ['new', 'new', 'NULL', 'unknown'],
      ['done', 'resolved', 'NULL', 'unknown'],
      ['put', 'new', "'c'", 'unknown'],
      ['judged', 'new', 'NULL', 'benign'],
      ['told', 'new', 'NULL', 'benign'],
    ]) {
      before.exec(`INSERT INTO alerts (id, source, finding_key, title, severity, status, verdict, count, first_seen, last_seen,
        finding, raw, simulated, created_at, updated_at, rev, principal, trace, cause, hop, case_id)
        VALUES ('${id}', 's', 'k', 't', 4, '${status}', '${verdict}', 1, 1, 1, '{}', 'r', 0, 1000, 1, 1, 'source:s', 't', '', 0, ${inCase})`);
    }
    before.exec(`INSERT INTO cases (id, title, status, severity, summary, verdict, simulated, created_at, updated_at, closed_at,
      rev, principal, trace, cause, hop)
      VALUES ('c', 't', 'closed', 4, '', 'unknown', 0, 1000, 1, 8000, 1, 'playbook:p', 't', '', 0)`);
    const entries = [
      [2_000, 'user:ada', 'alert.status_set', 'alert:done'],
      [5_000, 'user:bo', 'alert.status_set', 'alert:done'],
      [3_000, 'user:bo', 'alert.status_set', 'alert:new'],
      [4_000, 'user:bo', 'case.owner_set', 'case:c'],
      [2_500, 'playbook:p', 'alert.linked', 'alert:put'],
      [6_000, 'user:ada', 'alert.verdict_set', 'alert:judged'],
      [6_000, 'playbook:p', 'alert.verdict_set', 'alert:told'],
    ];
    for (const [index, [at, principal, action, object]] of entries.entries()) {
      before.exec(`INSERT INTO audit (seq, at, principal, action, object, trace, prev, hash)
        VALUES (${index + 1}, ${at}, '${principal}', '${action}', '${object}', 't', '', '${index}')`);
    }
    before.close();
    const migrated = connect(directory, systemClock);
    const handling = 'acknowledged_at, acknowledged_by, acknowledge_ms, resolve_ms';
    expect(migrated.prepare(`SELECT id, status, ${handling}, resolved_at FROM alerts ORDER BY id`).raw().all()).toEqual(
      [
        ['done', 'resolved', 2_000, 'user:ada', 1_000, 4_000, 5_000],
        ['judged', 'in_progress', 6_000, 'user:ada', 5_000, null, null],
        ['new', 'new', null, '', null, null, null],
        ['put', 'in_progress', 2_500, 'playbook:p', 1_500, null, null],
        ['told', 'new', null, '', null, null, null],
      ],
    );
    expect(migrated.prepare(`SELECT id, ${handling} FROM cases`).raw().all()).toEqual([
      ['c', 4_000, 'user:bo', 3_000, 7_000],
    ]);
    migrated.close();
  });

  it('is backed up before it changes, and only then', () => {
    leaveVersionOne();
    connect(directory, systemClock).close();
    const folder = join(directory, 'backups');
    const [name, more] = readdirSync(folder);
    expect(more).toBeUndefined();
    expect(name).toMatch(new RegExp(`-schema-1-to-${SCHEMA_VERSION}$`));
    expect(verifyBackup(join(folder, name as string))).toMatchObject({
      database: 'sqlite',
      schema: 1,
      installation: 'inst-1',
      reason: 'migration',
    });
    connect(directory, systemClock).close();
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('keeps the last three of such backups', () => {
    for (let round = 1; round <= 5; round++) {
      rmSync(join(directory, 'counterpoint.db'), { force: true });
      leaveVersionOne();
      connect(directory, { ...systemClock, now: () => Date.UTC(2026, 0, round) }).close();
    }
    expect(readdirSync(join(directory, 'backups')).map((name) => name.slice(17, 27))).toEqual([
      '2026-01-03',
      '2026-01-04',
      '2026-01-05',
    ]);
  });
});

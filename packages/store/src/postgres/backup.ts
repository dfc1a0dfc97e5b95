import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@counterpoint/core';
import pg from 'pg';
import { FROZEN_SETTING, type FrozenSetting } from '../backup/frozen.ts';
import { type BackupManifest, digestOf, synchronise, verifyBackup, writeManifest } from '../backup/manifest.ts';
import { errors } from '../errors.ts';
import { pendingMigrations } from '../migrations/index.ts';
import { connectionConfig, type PostgresAddress } from './connection.ts';

const FILE = 'counterpoint.pgdump';

/** What to back up, and to where. */
export interface PostgresBackupRequest extends PostgresAddress {
  /** The folder to make; it must not exist. */
  readonly to: string;
  readonly clock: Clock;
}

/** What to restore, and where. */
export interface PostgresRestoreRequest extends PostgresAddress {
  readonly from: string;
  readonly clock: Clock;
}

/**
 * Copies the schema as it is at one moment with `pg_dump`, while servers go on.
 *
 * @throws store.tool_missing, store.backup_failed
 */
export async function backupPostgres({ url, schema, to, clock }: PostgresBackupRequest): Promise<BackupManifest> {
  if (existsSync(to)) throw errors.backup_failed({ to, reason: 'it exists already' });
  const partial = `${to}.partial`;
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    const created_at = clock.now();
    const about = await describe({ url, schema });
    const file = join(partial, FILE);
    const dump = start(
      'pg_dump',
      ['--format=custom', `--table="${schema}".*`, '--no-owner', '--no-privileges', `--file=${file}`],
      url,
    );
    await ended('pg_dump', dump);
    synchronise(file);
    const manifest: BackupManifest = {
      format: 1,
      database: 'postgres',
      file: FILE,
      ...digestOf(file),
      ...about,
      created_at,
      reason: 'asked',
    };
    writeManifest(partial, manifest);
    renameSync(partial, to);
    return manifest;
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    if ((cause as { code?: string }).code === 'store.tool_missing') throw cause;
    throw errors.backup_failed({ to, reason: (cause as Error).message }, { cause });
  }
}

async function describe(address: PostgresAddress): Promise<Pick<BackupManifest, 'schema' | 'installation'>> {
  const client = new pg.Client(connectionConfig(address));
  await client.connect();
  try {
    const version = await client.query<{ version: number }>('SELECT max(version) AS version FROM migrations');
    const setting = await client.query<{ value: string }>("SELECT value FROM settings WHERE id = 'installation'");
    const value = setting.rows[0]?.value;
    return {
      schema: version.rows[0]?.version ?? 0,
      installation: value === undefined ? '' : String(JSON.parse(value)),
    };
  } finally {
    await client.end();
  }
}

/**
 * Puts a backup into a database that has no such schema yet, frozen. Data and frost are one transaction.
 *
 * @throws store.backup_invalid, store.schema_newer, store.restore_refused, store.tool_missing
 */
export async function restorePostgres({ url, schema, from, clock }: PostgresRestoreRequest): Promise<BackupManifest> {
  const manifest = verifyBackup(from);
  if (manifest.database !== 'postgres') throw errors.restore_refused({ reason: 'it is of SQLite, not of PostgreSQL' });
  pendingMigrations(manifest.schema);
  await assertAbsent({ url, schema });
  const script = start('pg_restore', ['--no-owner', '--no-privileges', '--file=-', join(from, manifest.file)], url);
  const session = start('psql', ['--single-transaction', '--quiet', '--no-psqlrc', '--set=ON_ERROR_STOP=1'], url);
  session.stdin?.on('error', () => undefined);
  session.stdin?.write(emptySchema(schema));
  script.stdout?.pipe(session.stdin as NodeJS.WritableStream, { end: false });
  try {
    await ended('pg_restore', script);
    const frozen: FrozenSetting = { restored_at: clock.now(), backup_at: manifest.created_at };
    session.stdin?.end(freezing(schema, frozen));
    await ended('psql', session);
  } catch (cause) {
    session.kill('SIGKILL');
    if ((cause as { code?: string }).code === 'store.tool_missing') throw cause;
    throw errors.restore_refused({ reason: (cause as Error).message }, { cause });
  }
  return manifest;
}

async function assertAbsent(address: PostgresAddress): Promise<void> {
  const client = new pg.Client(connectionConfig(address));
  await client.connect();
  try {
    const { rows } = await client.query('SELECT 1 FROM information_schema.tables WHERE table_schema = $1 LIMIT 1', [
      address.schema,
    ]);
    if (rows.length > 0) throw errors.restore_refused({ reason: `the schema ${address.schema} has tables already` });
  } finally {
    await client.end();
  }
}

/** The dump holds tables; the schema around them may be there already, as `public` is. */
function emptySchema(schema: string): string {
  return `CREATE SCHEMA IF NOT EXISTS "${schema}";\n`;
}

function freezing(schema: string, frozen: FrozenSetting): string {
  return `\nINSERT INTO "${schema}".settings (id, value, rev) VALUES ('${FROZEN_SETTING}', '${JSON.stringify(frozen)}', 1)
    ON CONFLICT (id) DO UPDATE SET value = excluded.value;\n`;
}

/** The connection in environment variables, so that no password stands in the list of processes. */
function environment(url: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    ...(password ? { PGPASSWORD: decodeURIComponent(password) } : {}),
  };
}

function start(program: string, args: readonly string[], url: string): ChildProcess & { said: string } {
  const child = Object.assign(spawn(program, args, { env: environment(url) }), { said: '' });
  child.stderr?.on('data', (chunk) => {
    child.said = (child.said + chunk).slice(-2_000);
  });
  return child;
}

async function ended(program: string, child: ChildProcess & { said: string }): Promise<void> {
  const [code] = (await once(child, 'close').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? errors.tool_missing({ tool: program }, { cause }) : cause;
  })) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${child.said.trim()}`);
}

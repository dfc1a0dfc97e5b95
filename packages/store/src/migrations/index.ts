import { errors } from '../errors.ts';
import { schemaDefinition } from '../sql/definitions.ts';
import { afterConsole } from './after-console.ts';
import { consoleStep } from './console.ts';
import { durableRuns } from './durable-runs.ts';
import { fabric } from './fabric.ts';
import { foundationGround } from './foundation-ground.ts';
import { foundationRecords } from './foundation-records.ts';
import { type Migration, thaw } from './migration.ts';

const foundation: Migration = {
  version: 1,
  name: 'foundation',
  statements: (dialect) => schemaDefinition(dialect, [...foundationRecords, ...foundationGround].map(thaw)),
};

/** Every step, in order, from version 1 without gaps. */
export const migrations: readonly Migration[] = [foundation, durableRuns, fabric, consoleStep, afterConsole];

/** The schema version that this code reads and writes. */
export const SCHEMA_VERSION = migrations.length;

/** The table that remembers which steps were taken, when, in Unix milliseconds. */
export const MIGRATIONS_TABLE =
  'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)';

/**
 * The steps that a database at version `found` still needs.
 *
 * @throws store.schema_newer
 */
export function pendingMigrations(found: number): readonly Migration[] {
  if (found > SCHEMA_VERSION) throw errors.schema_newer({ found, known: SCHEMA_VERSION });
  return migrations.filter((migration) => migration.version > found);
}

import { errors } from './errors.ts';
import { schemaDefinition } from './sql/definitions.ts';
import type { Dialect } from './sql/dialect.ts';

/** One step of the schema. Steps go forward only and never change once they were released. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  statements(dialect: Dialect): readonly string[];
}

/** Every step, in order, from version 1 without gaps. */
const migrations: readonly Migration[] = [{ version: 1, name: 'foundation', statements: schemaDefinition }];

/** The schema version that this code reads and writes. */
const SCHEMA_VERSION = migrations.length;

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

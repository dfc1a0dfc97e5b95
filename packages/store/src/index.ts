export { errors as storeErrors } from './errors.ts';
export { openPostgresStore, type PostgresStoreOptions } from './postgres/index.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/open.ts';

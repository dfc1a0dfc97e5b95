export { errors as storeErrors } from './errors.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/open.ts';

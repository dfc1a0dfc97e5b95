export { FROZEN_SETTING, type FrozenSetting } from './backup/frozen.ts';
export { type BackupManifest, verifyBackup } from './backup/manifest.ts';
export { errors as storeErrors } from './errors.ts';
export {
  backupPostgres,
  openPostgresStore,
  type PostgresBackupRequest,
  type PostgresRestoreRequest,
  type PostgresStoreOptions,
  restorePostgres,
} from './postgres/index.ts';
export { backupSqlite, type SqliteBackupRequest } from './sqlite/backup.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/open.ts';
export { type Restored, restoreSqlite, type SqliteRestoreRequest } from './sqlite/restore.ts';

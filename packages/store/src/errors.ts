import { defineErrors } from '@counterpoint/core';

/** The errors of opening a store. What a commit refuses is `events.*`. */
export const errors = defineErrors('store', {
  directory_locked: {
    status: 503,
    message: 'The data directory {directory} is in use by another server (process {pid}).',
    help: 'Stop that server first, or give this one a data directory of its own. The lock ends with the process that holds it.',
  },
  directory_unusable: {
    status: 503,
    message: 'The data directory {directory} cannot be used: {reason}.',
    help: 'Check that it exists, lies on a local disk with free space, and belongs to the user that the server runs as.',
  },
  database_corrupt: {
    status: 503,
    message: 'The database {database} is damaged: {reason}.',
    help: 'Nothing was changed. Keep the damaged file aside and restore the last good backup.',
  },
  schema_newer: {
    status: 503,
    message: 'The database has schema version {found}; this server knows versions up to {known}.',
    help: 'Start the newer server that wrote it, or restore a backup from before the upgrade.',
  },
  not_durable: {
    status: 503,
    message: 'The database does not write durably: {setting} is {found} instead of {expected}.',
    help: 'Set it as expected; acknowledged work would be lost in a crash otherwise.',
  },
  unreachable: {
    status: 503,
    message: 'PostgreSQL cannot be used: {reason}.',
    help: 'Check store.url, that the server runs, and that the user may create tables in the schema.',
    retryable: true,
  },
  backup_failed: {
    status: 500,
    message: 'The backup {to} could not be made: {reason}.',
    help: 'Nothing was changed. Name a folder that does not exist yet, on a disk with room for the whole database.',
  },
  backup_invalid: {
    status: 422,
    message: 'The backup {folder} cannot be used: {reason}.',
    help: 'Take another backup; nothing was changed. "counterpoint backup verify" says whether a backup is whole.',
  },
  restore_refused: {
    status: 409,
    message: 'The backup was not restored: {reason}.',
    help: 'Nothing was changed. Restore into an empty data directory or database, or say --replace to set the present one aside.',
  },
  tool_missing: {
    status: 503,
    message: 'Backing up PostgreSQL needs {tool}, which is not installed.',
    help: 'Install the PostgreSQL client programs of the version of the server (Debian: postgresql-client), or name their folder in PATH.',
  },
});

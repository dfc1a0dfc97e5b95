import { isCounterpointError } from '@counterpoint/core';
import { eventErrors } from '@counterpoint/events';
import pg from 'pg';

/** SQLSTATE of an error that the server reported. */
function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** A broken key: `23505`. */
export function isKeyConflict(error: unknown): boolean {
  return sqlState(error) === '23505';
}

/** Whether an error concerns one change (its data, a constraint, a limit on it) and not the database. */
export function concernsOneChange(error: unknown): boolean {
  return ['22', '23', '54'].includes(sqlState(error)?.slice(0, 2) ?? '');
}

/** Whether the transaction lost against another process and can simply be repeated. */
export function isLostRace(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(error) ?? '');
}

/**
 * Whether an answer to COMMIT says nothing about it: the connection broke, or the server ended it. Any other error that
 * the server reports means that it rolled back.
 */
export function leavesCommitOpen(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || state.startsWith('57P') || state.startsWith('08');
}

/** What the callers are told when a statement, a whole group or a read failed. */
export function storageFailure(error: unknown): Error {
  if (isCounterpointError(error) || error instanceof TypeError) return error;
  if (sqlState(error) === '53100') return eventErrors.store_full({}, { cause: error });
  return eventErrors.store_failed({ reason: error instanceof Error ? error.message : String(error) }, { cause: error });
}

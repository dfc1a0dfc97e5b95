import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Reads the store of a product that does not run. @param directory its data directory */
export function readStore<Result>(directory: string, read: (database: Database.Database) => Result): Result {
  const database = new Database(join(directory, 'counterpoint.db'), { readonly: true, fileMustExist: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

import type Database from 'better-sqlite3';

const MAX_KEPT = 500;

/** Prepared statements by their text, the most recently used ones kept. */
export interface StatementCache {
  get(sql: string): Database.Statement<unknown[], Record<string, unknown>>;
}

/** Makes a {@link StatementCache} for a connection. */
export function createStatementCache(database: Database.Database): StatementCache {
  const kept = new Map<string, Database.Statement<unknown[], Record<string, unknown>>>();
  return {
    get(sql) {
      const known = kept.get(sql);
      if (known) {
        kept.delete(sql);
        kept.set(sql, known);
        return known;
      }
      const statement = database.prepare<unknown[], Record<string, unknown>>(sql);
      kept.set(sql, statement);
      const oldest = kept.keys().next();
      if (kept.size > MAX_KEPT && !oldest.done) kept.delete(oldest.value);
      return statement;
    },
  };
}

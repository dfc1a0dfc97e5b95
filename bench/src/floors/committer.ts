import type Database from 'better-sqlite3';

/** Work of one commit: writes rows with prepared statements. */
export type Write = () => void;

/**
 * Group commit that flushes when free: whatever has gathered while the commit before was under way goes into the next
 * transaction together. The promise is kept once that transaction is durable.
 */
export function createGroupCommit(database: Database.Database): (write: Write) => Promise<void> {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  let gathered: { readonly write: Write; readonly done: () => void }[] = [];

  const flush = () => {
    const group = gathered;
    gathered = [];
    begin.run();
    for (const { write } of group) write();
    commit.run();
    for (const { done } of group) done();
  };

  return (write) =>
    new Promise((resolve) => {
      gathered.push({ write, done: resolve });
      if (gathered.length === 1) setImmediate(flush);
    });
}

import { join } from 'node:path';
import { newId } from '@counterpoint/core';
import Database from 'better-sqlite3';

type Row = Record<string, string | number | null>;

const TRANSACTION = 20_000;
const SECOND = 1_000;

/**
 * Multiplies the events of a store until its log has `count` more: delivered, each with its own id, subject and trace, a
 * second apart in the past, before those that are there.
 *
 * @param directory the data directory of a product that does not run
 */
export function fillLog(directory: string, count: number): void {
  const database = new Database(join(directory, 'counterpoint.db'));
  database.pragma('synchronous = OFF');
  const like = database.prepare(`SELECT * FROM outbox WHERE topic = 'verdict.url.v1' LIMIT 1`).get() as Row | undefined;
  if (!like) throw new RangeError('the store has no event to multiply');
  const shift = database.transaction(() => {
    database.prepare('UPDATE outbox SET position = position + ? WHERE position IS NOT NULL').run(count);
    database.prepare('UPDATE consumers SET position = position + ?').run(count);
  });
  shift();
  const columns = Object.keys(like);
  const names = columns.map((name) => `"${name}"`).join(', ');
  const insert = database.prepare(`INSERT INTO outbox (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
  const envelope = JSON.parse(String(like.envelope)) as Record<string, unknown>;
  const begin = Date.now() - count * SECOND;
  const some = database.transaction((from: number, to: number) => {
    for (let index = from; index < to; index += 1) {
      const at = begin + index * SECOND;
      const id = newId(at);
      const trace = id.replaceAll('-', '');
      const text = JSON.stringify({ ...envelope, id, subject: id, trace, time: new Date(at).toISOString() });
      const row: Row = { ...like, id, subject: id, trace, envelope: text, at, next_at: at, position: index + 1 };
      insert.run(columns.map((name) => row[name]));
    }
  });
  for (let from = 0; from < count; from += TRANSACTION) some(from, Math.min(count, from + TRANSACTION));
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

import { isCounterpointError } from '@counterpoint/core';
import type { PlaybookTestRow, Reader, RowWrite, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { auditOf, type Publisher } from './publisher.ts';

/** What is saved as a test. */
export interface TestWish {
  readonly playbook: string;
  readonly name: string;
  readonly source: string;
  /** Revision that the author saw last; 0: there was none. */
  readonly rev: number;
}

/** More would be a mistake of a program, not the work of people. */
const MOST = 200;

/** The tests that are stored of a playbook, by name. */
export async function storedTests(reader: Reader, playbook: string): Promise<readonly PlaybookTestRow[]> {
  return reader.find('playbook_tests', { where: { playbook }, limit: MOST });
}

/**
 * Saves a test of a playbook, also a faulty one. Audited.
 *
 * @throws engine.test_changed, engine.too_many_tests, and what committing throws
 */
export async function saveTest(store: Store, wish: TestWish, author: Publisher): Promise<PlaybookTestRow> {
  const { playbook, name, source, rev } = wish;
  const id = idOf(playbook, name);
  const standing = await store.get('playbook_tests', id);
  demandRev(wish, standing);
  if (!standing && (await store.count('playbook_tests', { playbook })) >= MOST) {
    throw errors.too_many_tests({ playbook, limit: MOST });
  }
  const { principal, now } = author;
  const row: PlaybookTestRow = { id, playbook, name, source, principal, updated_at: now, rev: rev + 1 };
  const write: RowWrite = { op: standing ? 'update' : 'insert', table: 'playbook_tests', row };
  const audit = auditOf(author, 'playbook.test_saved', playbook, { name, rev: row.rev });
  await unlessChanged(store, wish, () => store.commit({ rows: [write], audit }));
  return row;
}

/** Deletes a stored test. Audited. @throws engine.test_unknown, engine.test_changed, and what committing throws */
export async function deleteTest(store: Store, wish: Omit<TestWish, 'source'>, author: Publisher): Promise<void> {
  const { playbook, name, rev } = wish;
  const id = idOf(playbook, name);
  const row = await store.get('playbook_tests', id);
  if (!row) throw errors.test_unknown({ playbook, name });
  demandRev(wish, row);
  // The update looks at the revision, which removing alone would not do.
  const rows: readonly RowWrite[] = [
    { op: 'update', table: 'playbook_tests', row: { ...row, rev: row.rev + 1 } },
    { op: 'delete', table: 'playbook_tests', id },
  ];
  const audit = auditOf(author, 'playbook.test_deleted', playbook, { name, rev });
  await unlessChanged(store, wish, () => store.commit({ rows, audit }));
}

function idOf(playbook: string, name: string): string {
  return `${playbook}/${name}`;
}

/** @throws engine.test_changed; its details have the test that stands */
function demandRev({ playbook, name, rev }: Omit<TestWish, 'source'>, row: PlaybookTestRow | undefined): void {
  if ((row?.rev ?? 0) === rev) return;
  const details = row ? { rev: row.rev, source: row.source, principal: row.principal } : { rev: 0 };
  throw errors.test_changed({ playbook, name }, { details });
}

async function unlessChanged(store: Store, wish: Omit<TestWish, 'source'>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    demandRev({ ...wish, rev: -1 }, await store.get('playbook_tests', idOf(wish.playbook, wish.name)));
  }
}

import { isCounterpointError } from '@counterpoint/core';
import type { DraftRow, RowWrite, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { auditOf, type Publisher } from './publisher.ts';

/** What is saved as a draft. */
export interface DraftWish {
  readonly playbook: string;
  readonly source: string;
  /** Revision that the author saw last; 0: there was no draft. */
  readonly rev: number;
  /** What it changed in stored tests until now; undefined: as the draft that stands says. */
  readonly tests?: DraftRow['tests'] | undefined;
}

/**
 * Saves a draft: a playbook that is being worked on and that no run takes. A draft that somebody else saved meanwhile is
 * not overwritten. Audited.
 *
 * @throws engine.draft_changed, and what committing throws
 */
export async function saveDraft(store: Store, wish: DraftWish, author: Publisher): Promise<DraftRow> {
  const { playbook, source, rev } = wish;
  const [standing, published] = await Promise.all([store.get('drafts', playbook), store.get('playbooks', playbook)]);
  demandRev(playbook, standing, rev);
  const base = standing?.base ?? published?.current ?? '';
  const row: DraftRow = {
    id: playbook,
    source,
    base,
    tests: wish.tests ?? standing?.tests ?? [],
    principal: author.principal,
    updated_at: author.now,
    rev: rev + 1,
  };
  const write: RowWrite = { op: standing ? 'update' : 'insert', table: 'drafts', row };
  const audit = auditOf(author, 'playbook.draft_saved', playbook, { rev: row.rev });
  await unlessChanged(store, playbook, () => store.commit({ rows: [write], audit }));
  return row;
}

/** Throws a draft away. Audited. @throws engine.draft_unknown, engine.draft_changed, and what committing throws */
export async function discardDraft(store: Store, playbook: string, rev: number, author: Publisher): Promise<void> {
  const row = await getDraft(store, playbook);
  demandRev(playbook, row, rev);
  const audit = auditOf(author, 'playbook.draft_discarded', playbook, { rev });
  await unlessChanged(store, playbook, () => store.commit({ rows: removal(row), audit }));
}

/** The draft of a playbook. @throws engine.draft_unknown */
export async function getDraft(store: Store, playbook: string): Promise<DraftRow> {
  const row = await store.get('drafts', playbook);
  if (!row) throw errors.draft_unknown({ playbook });
  return row;
}

/** Removes a draft unless it has changed since it was read: removing alone would not look at the revision. */
export function removal(row: DraftRow): readonly RowWrite[] {
  return [
    { op: 'update', table: 'drafts', row: { ...row, rev: row.rev + 1 } },
    { op: 'delete', table: 'drafts', id: row.id },
  ];
}

/** @throws engine.draft_changed; its details have the draft that stands, with which the author's can be merged */
export function demandRev(playbook: string, row: DraftRow | undefined, rev: number): void {
  if ((row?.rev ?? 0) === rev) return;
  const by = row ? `${row.principal} saved revision ${row.rev}` : 'it was published or thrown away';
  const { source, principal, updated_at } = row ?? { source: '', principal: '', updated_at: 0 };
  const details = row ? { rev: row.rev, source, principal, updated_at } : { rev: 0 };
  throw errors.draft_changed({ playbook, by }, { details });
}

/** Says in words of drafts that somebody else was first. */
async function unlessChanged(store: Store, playbook: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    demandRev(playbook, await store.get('drafts', playbook), -1);
  }
}

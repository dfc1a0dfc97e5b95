import { addColumn, addIndex, dropIndex, type Migration } from './migration.ts';

/**
 * Version 5: what drafts made of tests, whose the kept answers are, and alerts that are no longer new once they are in a case
 * or somebody judged them; what a machine only judged waits again.
 */
export const afterConsole: Migration = {
  version: 5,
  name: 'after console',
  statements: (dialect) => [
    addColumn(dialect, 'drafts', 'tests', 'json', '[]'),
    addColumn(dialect, 'kept_answers', 'asker', 'text', ''),
    addIndex('kept_answers', ['asker', 'at']),
    dropIndex('observable_links', ['observable', 'at']),
    addIndex('observable_links', ['observable', 'at', 'subject']),
    `UPDATE "alerts" SET "status" = 'in_progress' WHERE "status" = 'new'
      AND ("case_id" IS NOT NULL OR ("verdict" <> 'unknown' AND "acknowledged_by" LIKE 'user:%'))`,
    `UPDATE "alerts" SET "acknowledged_at" = NULL, "acknowledged_by" = '', "acknowledge_ms" = NULL WHERE "status" = 'new'`,
  ],
};

import { schemaDefinition } from '../sql/definitions.ts';
import type { Dialect } from '../sql/dialect.ts';
import { addColumn, addIndex, type FrozenTable, type Migration, thaw } from './migration.ts';

const added: readonly FrozenTable[] = [
  {
    name: 'sessions',
    columns: {
      id: 'text',
      user: 'text',
      created_at: 'int',
      seen_at: 'int',
      address: 'text',
      user_agent: 'text',
      revoked_at: 'int?',
      rev: 'int',
    },
    key: ['id'],
    indexes: [['user'], ['created_at']],
  },
];

/** Runs that have ended keep their error's code also in the column that lists filter by. */
function fillErrorCode(dialect: Dialect): string {
  const code = dialect.jsonMember('error', 'code');
  return `UPDATE "runs" SET "error_code" = ${code} WHERE "error" IS NOT NULL AND ${code} IS NOT NULL`;
}

/**
 * Version 4: what the console needs: sessions of people, and what its lists filter by. Not released yet: a column or an
 * index that is added to a description in `tables/` before the release belongs here.
 */
export const consoleStep: Migration = {
  version: 4,
  name: 'console',
  statements: (dialect) => [
    ...schemaDefinition(dialect, added.map(thaw)),
    addIndex('deliveries', ['state', 'at']),
    addIndex('reaction_events', ['reaction', 'at']),
    addIndex('reaction_events', ['outcome', 'at']),
    addColumn(dialect, 'runs', 'error_code', 'text', ''),
    fillErrorCode(dialect),
    addIndex('runs', ['created_at']),
    addIndex('runs', ['error_code', 'created_at']),
    addIndex('runs', ['case_id', 'created_at']),
    addIndex('effects', ['target', 'created_at']),
  ],
};

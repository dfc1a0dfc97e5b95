import { schemaDefinition } from '../sql/definitions.ts';
import { addIndex, type FrozenTable, type Migration, thaw } from './migration.ts';

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
  ],
};

import { schemaDefinition } from '../sql/definitions.ts';
import type { Dialect } from '../sql/dialect.ts';
import { handlingColumns } from './handling.ts';
import { addColumn, addIndex, dropIndex, type FrozenTable, type Migration, thaw } from './migration.ts';
import { reversedDomains } from './reversed-domains.ts';

const added: readonly FrozenTable[] = [
  {
    name: 'normalizer_versions',
    columns: { id: 'text', normalizer: 'text', text: 'text', created_at: 'int' },
    key: ['id'],
    indexes: [['normalizer', 'created_at']],
  },
  {
    name: 'sessions',
    columns: {
      id: 'text',
      user: 'text',
      password_mark: 'text',
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
  {
    name: 'connection_checks',
    columns: { id: 'text', ok: 'bool', millis: 'int', error: 'json', principal: 'text', at: 'int' },
    key: ['id'],
  },
  {
    name: 'turned_away',
    columns: { id: 'text', slices: 'json', last: 'json', rev: 'int' },
    key: ['id'],
  },
  {
    name: 'playbook_tests',
    columns: {
      id: 'text',
      playbook: 'text',
      name: 'text',
      source: 'text',
      principal: 'text',
      updated_at: 'int',
      rev: 'int',
    },
    key: ['id'],
    indexes: [['playbook']],
  },
  {
    name: 'kept_answers',
    columns: { id: 'text', mark: 'text', answered: 'bool', sealed: 'blob?', at: 'int', rev: 'int' },
    key: ['id'],
    indexes: [['at']],
  },
  {
    name: 'savings',
    columns: {
      id: 'text',
      hour: 'int',
      playbook: 'text',
      action: 'text',
      simulated: 'bool',
      steps: 'int',
      minutes: 'real',
      rev: 'int',
    },
    key: ['id'],
    indexes: [['hour']],
  },
];

/** Runs that have ended keep their error's code also in the column that lists filter by. */
function fillErrorCode(dialect: Dialect): string {
  const code = dialect.jsonMember('error', 'code');
  return `UPDATE "runs" SET "error_code" = ${code} WHERE "error" IS NOT NULL AND ${code} IS NOT NULL`;
}

/** Version 4: what the console needs: sessions of people, and what its lists filter by. */
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
    addIndex('effects', ['created_at']),
    addIndex('effects', ['ended_at', 'created_at']),
    addIndex('effects', ['connector', 'created_at']),
    addIndex('audit', ['at']),
    addIndex('audit', ['principal', 'seq']),
    addIndex('audit', ['action', 'seq']),
    addIndex('audit', ['object', 'seq']),
    dropIndex('alerts', ['created_at']),
    dropIndex('alerts', ['status']),
    addIndex('alerts', ['created_at', 'verdict', 'source', 'simulated', 'title']),
    addIndex('alerts', ['status', 'severity', 'verdict', 'source', 'created_at', 'case_id', 'title']),
    addIndex('alerts', ['status', 'created_at']),
    addIndex('alerts', ['severity', 'created_at']),
    addIndex('alerts', ['last_seen']),
    addIndex('alerts', ['count']),
    dropIndex('alerts', ['case_id']),
    addIndex('alerts', ['case_id', 'created_at']),
    dropIndex('observable_links', ['observable']),
    addIndex('observable_links', ['observable', 'at']),
    dropIndex('cases', ['status']),
    addIndex('cases', ['status', 'created_at']),
    addIndex('cases', ['owner', 'created_at']),
    addIndex('inbox_items', ['status', 'created_at']),
    addColumn(dialect, 'ingest_decisions', 'normalizer', 'text', ''),
    addIndex('effects', ['connection', 'created_at', 'state']),
    addIndex('runs', ['ended_at', 'status']),
    addIndex('raw_inputs', ['source', 'received_at', 'state']),
    dropIndex('ingest_decisions', ['source', 'decision']),
    addIndex('ingest_decisions', ['source', 'at', 'decision', 'item']),
    ...handlingColumns(dialect),
    ...reversedDomains(dialect),
  ],
};

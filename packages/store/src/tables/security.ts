import type { TableShapes } from './definition.ts';

/** The tables of `packages/events/src/rows/security.ts`. */
export const securityTables = {
  secrets: {
    columns: {
      id: 'text',
      label: 'text',
      version: 'int',
      kek: 'text',
      wrapped_key: 'blob',
      sealed: 'blob',
      created_at: 'int',
      rev: 'int',
    },
  },
  users: {
    columns: {
      id: 'text',
      name: 'text',
      role: 'text',
      password_hash: 'text',
      disabled: 'bool',
      created_at: 'int',
      rev: 'int',
    },
  },
  tokens: {
    columns: {
      id: 'text',
      user: 'text',
      title: 'text',
      hash: 'text',
      permissions: 'json',
      created_at: 'int',
      expires_at: 'int?',
      revoked_at: 'int?',
      rev: 'int',
    },
    unique: [['hash']],
  },
  sessions: {
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
    indexes: [['user'], ['created_at']],
  },
  kept_answers: {
    columns: { id: 'text', asker: 'text', mark: 'text', answered: 'bool', sealed: 'blob?', at: 'int', rev: 'int' },
    indexes: [['at'], ['asker', 'at']],
  },
  settings: { columns: { id: 'text', value: 'json', rev: 'int' } },
  duties: { columns: { id: 'text', owner: 'text', until: 'int', rev: 'int' } },
  outbox: {
    columns: {
      id: 'text',
      topic: 'text',
      subject: 'text',
      envelope: 'json',
      state: 'text',
      position: 'int?',
      participant: 'text',
      attempts: 'int',
      next_at: 'int',
      error: 'text',
      at: 'int',
      trace: 'text',
      cause: 'text',
      rev: 'int',
    },
    indexes: [['state', 'next_at'], ['topic', 'at'], ['trace'], ['position']],
  },
  audit: {
    columns: {
      seq: 'int',
      at: 'int',
      principal: 'text',
      action: 'text',
      object: 'text',
      data: 'json',
      trace: 'text',
      prev: 'text',
      hash: 'text',
    },
    key: ['seq'],
    indexes: [['trace'], ['at'], ['principal', 'seq'], ['action', 'seq'], ['object', 'seq']],
  },
  audit_checkpoints: {
    columns: { id: 'text', seq: 'int', hash: 'text', at: 'int', signature: 'text' },
  },
} as const satisfies Partial<TableShapes>;

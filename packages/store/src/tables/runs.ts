import { causality, type TableShapes } from './definition.ts';

/** The tables of `packages/events/src/rows/runs.ts`. */
export const runTables = {
  playbooks: {
    columns: { id: 'text', title: 'text', current: 'text', enabled: 'bool', updated_at: 'int', rev: 'int' },
  },
  playbook_versions: {
    columns: {
      id: 'text',
      playbook: 'text',
      number: 'int',
      source: 'text',
      published_at: 'int',
      principal: 'text',
    },
    unique: [['playbook', 'number']],
  },
  runs: {
    columns: {
      id: 'text',
      playbook: 'text',
      version: 'text',
      engine: 'text',
      status: 'text',
      paused: 'bool',
      epoch: 'int',
      seq: 'int',
      owner: 'text',
      lease_until: 'int',
      priority: 'int',
      trigger_kind: 'text',
      trigger_key: 'text',
      inputs: 'json',
      event: 'json',
      outputs: 'json',
      error: 'json',
      parent: 'text',
      simulated: 'bool',
      created_at: 'int',
      started_at: 'int?',
      ended_at: 'int?',
      ...causality,
    },
    unique: [['trigger_key']],
    indexes: [['status', 'lease_until'], ['playbook', 'created_at'], ['trace']],
  },
  journal: {
    columns: {
      run: 'text',
      seq: 'int',
      epoch: 'int',
      v: 'int',
      kind: 'text',
      address: 'text',
      data: 'json',
      at: 'int',
    },
    key: ['run', 'seq'],
    clustered: true,
  },
  timers: {
    columns: { id: 'text', run: 'text', address: 'text', kind: 'text', due_at: 'int', data: 'json' },
    indexes: [['due_at'], ['run']],
  },
} as const satisfies Partial<TableShapes>;

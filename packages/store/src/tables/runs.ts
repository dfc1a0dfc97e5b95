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
      origin: 'text',
      concurrency: 'text',
      case_id: 'text?',
      simulated: 'bool',
      created_at: 'int',
      started_at: 'int?',
      ended_at: 'int?',
      ...causality,
    },
    unique: [['trigger_key']],
    indexes: [['status', 'lease_until', 'priority', 'created_at'], ['playbook', 'created_at'], ['trace'], ['parent']],
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
  signals: {
    columns: { id: 'text', run: 'text', kind: 'text', data: 'json', at: 'int' },
    indexes: [['run']],
  },
  subscriptions: {
    columns: {
      id: 'text',
      run: 'text',
      address: 'text',
      name: 'text',
      topic: 'text',
      key: 'text',
      since: 'int',
      created_at: 'int',
    },
    indexes: [['topic', 'key', 'id'], ['run']],
  },
  snapshots: {
    columns: { id: 'text', seq: 'int', v: 'int', state: 'json', at: 'int' },
  },
  blobs: {
    columns: { id: 'text', bytes: 'blob', size: 'int', created_at: 'int' },
    indexes: [['created_at']],
  },
  blob_refs: {
    columns: { id: 'text', blob: 'text', run: 'text', at: 'int' },
    indexes: [['blob'], ['run']],
  },
  schedules: {
    columns: {
      id: 'text',
      playbook: 'text',
      trigger: 'text',
      version: 'text',
      next_at: 'int?',
      last_at: 'int?',
      rev: 'int',
    },
    indexes: [['next_at']],
  },
  run_slots: {
    columns: { id: 'text', playbook: 'text', key: 'text', run: 'text', at: 'int' },
    indexes: [['run']],
  },
  drafts: {
    columns: { id: 'text', source: 'text', base: 'text', principal: 'text', updated_at: 'int', rev: 'int' },
  },
} as const satisfies Partial<TableShapes>;

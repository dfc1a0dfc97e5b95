import { causality, type TableShapes } from './definition.ts';

/** The tables of `packages/events/src/rows/ingest.ts`. */
export const ingestTables = {
  raw_inputs: {
    columns: {
      id: 'text',
      source: 'text',
      delivery: 'text',
      media_type: 'text',
      body: 'blob',
      state: 'text',
      error: 'json',
      received_at: 'int',
      simulated: 'bool',
      rev: 'int',
      ...causality,
    },
    unique: [['source', 'delivery']],
    indexes: [['state', 'received_at'], ['source', 'received_at', 'state'], ['trace']],
  },
  ingest_decisions: {
    columns: {
      id: 'text',
      raw: 'text',
      item: 'int',
      source: 'text',
      decision: 'text',
      alert: 'text?',
      finding_key: 'text?',
      reason: 'text',
      at: 'int',
      trace: 'text',
      normalizer: 'text',
    },
    unique: [['raw', 'item']],
    indexes: [['alert'], ['trace'], ['source', 'at', 'decision', 'item']],
  },
  dedup_windows: {
    columns: { id: 'text', alert: 'text', expires_at: 'int', rev: 'int' },
    indexes: [['expires_at']],
  },
  normalizer_versions: {
    columns: { id: 'text', normalizer: 'text', text: 'text', created_at: 'int' },
    indexes: [['normalizer', 'created_at']],
  },
  sources: {
    columns: {
      id: 'text',
      title: 'text',
      kind: 'text',
      normalizer: 'text',
      auth: 'json',
      dedup_window: 'int',
      enabled: 'bool',
      simulated: 'bool',
      created_at: 'int',
      updated_at: 'int',
      rev: 'int',
    },
  },
  turned_away: {
    columns: { id: 'text', slices: 'json', last: 'json', rev: 'int' },
  },
} as const satisfies Partial<TableShapes>;

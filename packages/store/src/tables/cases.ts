import { causality, type TableShapes } from './definition.ts';

const handling = {
  acknowledged_at: 'int?',
  acknowledged_by: 'text',
  acknowledge_ms: 'int?',
  resolve_ms: 'int?',
} as const;

/** The tables of `packages/events/src/rows/cases.ts`. */
export const caseTables = {
  alerts: {
    columns: {
      id: 'text',
      source: 'text',
      finding_key: 'text',
      title: 'text',
      severity: 'int',
      status: 'text',
      verdict: 'text',
      count: 'int',
      first_seen: 'int',
      last_seen: 'int',
      finding: 'json',
      raw: 'text',
      case_id: 'text?',
      simulated: 'bool',
      created_at: 'int',
      updated_at: 'int',
      resolved_at: 'int?',
      rev: 'int',
      ...causality,
      ...handling,
    },
    // The wide ones answer filters and counts of the queue without reading the findings.
    indexes: [
      ['created_at', 'verdict', 'source', 'simulated', 'title'],
      ['status', 'severity', 'verdict', 'source', 'created_at', 'case_id', 'title'],
      ['status', 'created_at'],
      ['severity', 'created_at'],
      ['last_seen'],
      ['count'],
      ['finding_key'],
      ['case_id', 'created_at'],
      ['acknowledged_at', 'acknowledged_by', 'acknowledge_ms'],
      ['resolved_at', 'resolve_ms'],
      ['trace'],
    ],
  },
  observables: {
    columns: { id: 'text', type: 'text', value: 'text', reversed: 'text', first_seen: 'int' },
    // What a value begins with, and what lies below a domain.
    indexes: [['value'], ['reversed']],
  },
  observable_links: {
    columns: { id: 'text', observable: 'text', subject: 'text', at: 'int', trace: 'text' },
    indexes: [['subject'], ['observable', 'at', 'subject'], ['trace']],
  },
  enrichments: {
    columns: {
      id: 'text',
      observable: 'text',
      source: 'text',
      verdict: 'text',
      score: 'real?',
      data: 'json',
      at: 'int',
      ...causality,
    },
    indexes: [['observable'], ['trace']],
  },
  cases: {
    columns: {
      id: 'text',
      title: 'text',
      status: 'text',
      severity: 'int',
      owner: 'text?',
      summary: 'text',
      verdict: 'text',
      simulated: 'bool',
      created_at: 'int',
      updated_at: 'int',
      closed_at: 'int?',
      rev: 'int',
      ...causality,
      ...handling,
    },
    indexes: [
      ['created_at'],
      ['status', 'created_at'],
      ['owner', 'created_at'],
      ['acknowledged_at', 'acknowledged_by', 'acknowledge_ms'],
      ['closed_at', 'resolve_ms'],
      ['trace'],
    ],
  },
  case_entries: {
    columns: { id: 'text', case_id: 'text', kind: 'text', text: 'text', data: 'json', at: 'int', ...causality },
    indexes: [['case_id', 'at'], ['trace']],
  },
} as const satisfies Partial<TableShapes>;

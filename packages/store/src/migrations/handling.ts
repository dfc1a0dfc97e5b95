import type { Dialect } from '../sql/dialect.ts';
import { addColumn, addIndex } from './migration.ts';

type Handled = 'alerts' | 'cases';

/** What the audit log says when somebody takes one in hand. */
const TAKEN = {
  alerts: ['alert.status_set', 'alert.verdict_set', 'alert.linked'],
  cases: ['case.owner_set', 'case.status_set', 'case.assessed', 'case.resolved'],
} as const;

const IN_HAND = {
  alerts: `"status" <> 'new' OR "verdict" <> 'unknown' OR "case_id" IS NOT NULL`,
  cases: `"status" <> 'open' OR "verdict" <> 'unknown' OR "owner" IS NOT NULL`,
} as const;

function audited(table: Handled, what: string, actions: readonly string[], rest = ''): string {
  const named = actions.map((action) => `'${action}'`).join(', ');
  const object = `'${table === 'alerts' ? 'alert' : 'case'}:' || "${table}"."id"`;
  return `(SELECT ${what} FROM "audit" WHERE "object" = ${object} AND "action" IN (${named})${rest})`;
}

const since = (until: string) => `CASE WHEN ${until} > "created_at" THEN ${until} - "created_at" ELSE 0 END`;

function columns(dialect: Dialect, table: Handled): readonly string[] {
  const first = audited(table, '"principal"', TAKEN[table], ' ORDER BY "seq" LIMIT 1');
  return [
    addColumn(dialect, table, 'acknowledged_at', 'int?'),
    addColumn(dialect, table, 'acknowledged_by', 'text', ''),
    addColumn(dialect, table, 'acknowledge_ms', 'int?'),
    addColumn(dialect, table, 'resolve_ms', 'int?'),
    `UPDATE "${table}" SET "acknowledged_at" = ${audited(table, 'min("at")', TAKEN[table])} WHERE ${IN_HAND[table]}`,
    `UPDATE "${table}" SET "acknowledge_ms" = ${since('"acknowledged_at"')}, "acknowledged_by" = ${first} WHERE "acknowledged_at" IS NOT NULL`,
    addIndex(table, ['acknowledged_at', 'acknowledged_by', 'acknowledge_ms']),
  ];
}

/**
 * When alerts and cases were taken in hand and how long they were open; of those from before, as the audit log tells. Needs
 * the index of the audit log over `object`.
 */
export function handlingColumns(dialect: Dialect): readonly string[] {
  const resolved = audited('alerts', 'max("at")', ['alert.status_set']);
  return [
    ...columns(dialect, 'alerts'),
    ...columns(dialect, 'cases'),
    addColumn(dialect, 'alerts', 'resolved_at', 'int?'),
    `UPDATE "alerts" SET "resolved_at" = ${resolved} WHERE "status" = 'resolved'`,
    `UPDATE "alerts" SET "resolve_ms" = ${since('"resolved_at"')} WHERE "resolved_at" IS NOT NULL`,
    `UPDATE "cases" SET "resolve_ms" = ${since('"closed_at"')} WHERE "closed_at" IS NOT NULL`,
    addIndex('alerts', ['resolved_at', 'resolve_ms']),
    addIndex('cases', ['closed_at', 'resolve_ms']),
  ];
}

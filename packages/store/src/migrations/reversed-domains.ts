import type { Dialect } from '../sql/dialect.ts';
import { addColumn, addIndex } from './migration.ts';

/** Lets observables be found by their beginning and domains by what they lie below; turns the domains that are there. */
export function reversedDomains(dialect: Dialect): readonly string[] {
  const dot = dialect.position("'.'", '"rest"');
  // An empty text that is compared as the values are: PostgreSQL wants both halves to agree on that.
  const nothing = 'substr("value", 1, 0)';
  return [
    addColumn(dialect, 'observables', 'reversed', 'text', ''),
    `WITH RECURSIVE "turned" ("id", "rest", "reversed") AS (
      SELECT "id", "value" || '.', ${nothing} FROM "observables" WHERE "type" = 'domain-name'
      UNION ALL
      SELECT "id", substr("rest", ${dot} + 1), substr("rest", 1, ${dot}) || "reversed" FROM "turned" WHERE "rest" <> ''
    ) UPDATE "observables" SET "reversed" = "turned"."reversed" FROM "turned"
      WHERE "turned"."id" = "observables"."id" AND "turned"."rest" = ''`,
    addIndex('observables', ['value']),
    addIndex('observables', ['reversed']),
  ];
}

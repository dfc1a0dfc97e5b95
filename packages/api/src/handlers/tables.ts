import { declaredTable, filledRow } from '@counterpoint/cases';
import type { TableEndpointName } from '@counterpoint/contracts';
import type { Reader, TableEntryRow } from '@counterpoint/events';
import type { TableDeclaration } from '@counterpoint/playbook';
import type { Handlers } from '../handler-types.ts';

/** What the handlers of tables need. */
export interface TableServices {
  readonly store: Reader;
  readonly tables: ReadonlyMap<string, TableDeclaration>;
}

/** Performs the operations on tables. */
export function tableHandlers({ store, tables }: TableServices): Handlers<TableEndpointName> {
  const view = async ({ id, title, description, key, columns }: TableDeclaration) => ({
    id,
    title,
    description,
    key,
    columns,
    rows: await store.count('table_entries', { table_name: id }),
  });
  return {
    async listTables() {
      return { items: await Promise.all([...tables.values()].map(view)) };
    },
    async getTable({ params }) {
      return view(declaredTable(tables, params.id ?? ''));
    },
    async listTableRows({ params, query: { limit, cursor, key } }) {
      const declaration = declaredTable(tables, params.id ?? '');
      const of = key === undefined ? (cursor === undefined ? undefined : { gt: cursor }) : key;
      const found = await store.find('table_entries', {
        where: { table_name: declaration.id, ...(of === undefined ? {} : { key: of }) },
        orderBy: [{ column: 'key' }],
        limit: limit + 1,
      });
      const rows = found.slice(0, limit);
      return {
        items: rows.map((row) => rowView(declaration, row)),
        next: found.length > limit ? (rows.at(-1)?.key ?? null) : null,
      };
    },
  };
}

function rowView(declaration: TableDeclaration, row: TableEntryRow) {
  const { key, value, created_at, updated_at, principal, trace, cause } = row;
  return { key, value: filledRow(declaration, value), created_at, updated_at, principal, trace, cause };
}

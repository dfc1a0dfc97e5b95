import { type ExpressionTables, type ExpressionType, typeFromJsonSchema } from '@counterpoint/expressions';
import type { TableDeclaration } from '../declared/table.ts';
import type { Checking } from './context.ts';
import type { Scope } from './scope.ts';

const rowTypes = new WeakMap<ReadonlyMap<string, TableDeclaration>, ReadonlyMap<string, ExpressionType>>();

/** What `lookup` may read in this scope. */
export function tablesIn(scope: Scope, { catalogue }: Checking): ExpressionTables {
  return { rows: catalogue.tables && rowTypesOf(catalogue.tables), allowed: scope.mayLookUp };
}

function rowTypesOf(tables: ReadonlyMap<string, TableDeclaration>): ReadonlyMap<string, ExpressionType> {
  let known = rowTypes.get(tables);
  if (!known) {
    known = new Map([...tables].map(([id, { row }]) => [id, typeFromJsonSchema(row)]));
    rowTypes.set(tables, known);
  }
  return known;
}

import { hashJson, type JsonObject, stableId } from '@counterpoint/core';
import { type Change, causalityOf, type RowWrite, type TableEntryRow } from '@counterpoint/events';
import type { TableDeclaration } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { type BuiltinConnector, type BuiltinContext, type BuiltinHandler, handler, reading } from './builtin.ts';
import { action, builtinManifest, listOf, object, text } from './schemas.ts';
import { checkedRow, declaredTable, filledRow, readTableRow, rowWrite, type TableKey } from './table-rows.ts';

const table = text('Name of a declared table', { minLength: 1, maxLength: 64 });
const key = {
  type: ['string', 'number', 'boolean'],
  minLength: 1,
  maxLength: 500,
  description: 'What the row is found by',
};
const row = { type: 'object', description: 'Columns and their values' };

const manifest = builtinManifest('table', 'Tables', 'Keeps typed rows that outlive runs: counters, lists, registers.', {
  get: action(
    'read',
    'Read a row',
    object({ table, key }),
    object({ found: { type: 'boolean' }, value: row }, ['value']),
  ),
  list: action(
    'read',
    'Read rows in the order of their keys',
    object(
      {
        table,
        after: text('Continue behind this key', { maxLength: 500 }),
        limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      },
      ['after', 'limit'],
    ),
    object({ rows: listOf(object({ key: { type: 'string' }, value: row })) }),
  ),
  upsert: action(
    'change',
    'Set columns of a row, which is made when there is none',
    object({ table, key, value: row }),
    object({ created: { type: 'boolean' }, value: row }),
  ),
  increment: action(
    'change',
    'Add to a number in a row, exactly once; a number that is not there counts as its default, or 0',
    object({ table, key, column: text('Its column', { minLength: 1 }), by: { type: 'number', default: 1 } }, ['by']),
    object({ value: { type: 'number', description: 'What it is now' } }),
  ),
  compare_and_set: action(
    'change',
    'Replace a row if it still is what is expected; null stands for no row',
    object({ table, key, expected: { type: ['object', 'null'] }, value: row }),
    object({ swapped: { type: 'boolean' }, value: { type: ['object', 'null'], description: 'What it is now' } }),
  ),
  delete: action('change', 'Remove a row', object({ table, key }), object({ deleted: { type: 'boolean' } })),
});

interface RowInput {
  readonly table: string;
  readonly key: TableKey;
}

/** What a change of a row gives, and the row as it is to be: null removes it, undefined leaves it. */
interface RowChange {
  readonly output: JsonObject;
  readonly value: JsonObject | null | undefined;
}

/**
 * A change of one row, exactly once for each request: together with the row, a note is written that the request was
 * carried out and what it gave. The note goes with what the caller writes down of the answer, so that a request that
 * is repeated after a crash in between finds the note and changes nothing.
 */
function changing<Input extends RowInput>(
  decide: (before: TableEntryRow | undefined, input: Input, declaration: TableDeclaration) => RowChange,
): BuiltinHandler {
  return handler<Input>(async (input, context) => {
    const declaration = declaredTable(context.tables, input.table);
    const note = noteOf(context);
    const done = await context.store.get('table_entries', note.id);
    const change: Change = { rows: [{ op: 'delete', table: 'table_entries', id: note.id }] };
    if (done) return { output: done.value as JsonObject, change };
    const before = await readTableRow(context.store, input.table, input.key);
    const { output, value } = decide(before, input, declaration);
    if (value === undefined || (value === null && !before)) return reading(output);
    const write: RowWrite =
      value === null && before
        ? { op: 'delete', table: 'table_entries', id: before.id }
        : rowWrite(before, input.table, input.key, value as JsonObject, context);
    const rows: RowWrite[] = [write, { op: 'insert', table: 'table_entries', row: { ...note, value: output } }];
    return { output, contended: { rows }, change };
  });
}

/** Notes lie in a table whose name no declaration can have. */
const NOTES = '$carried_out';

function noteOf({ key: request, causality, now }: BuiltinContext): Omit<TableEntryRow, 'value'> {
  return {
    ...causalityOf(causality),
    id: stableId('table-note', request),
    table_name: NOTES,
    key: request,
    created_at: now,
    updated_at: now,
    rev: 1,
  };
}

/** What an increment starts from. @throws cases.table_column_invalid */
function numberIn(before: TableEntryRow | undefined, column: string, { id, columns }: TableDeclaration): number {
  const schema = Object.hasOwn(columns, column) ? columns[column] : undefined;
  if (!schema) throw errors.table_column_invalid({ table: id, column, reason: 'there is none of that name' });
  const value = filledRow({ columns }, before?.value ?? {})[column] ?? 0;
  if (typeof value === 'number') return value;
  throw errors.table_column_invalid({ table: id, column, reason: 'it holds no number' });
}

/** The built-in actions on tables. */
export const tableConnector: BuiltinConnector = {
  manifest,
  permissions: { read: 'table:read', write: 'table:write' },
  lane: ({ table: name, key: of }) => `table ${String(name)} ${String(of)}`,
  handlers: {
    get: handler<RowInput>(async (input, { store, tables }) => {
      const declaration = declaredTable(tables, input.table);
      const found = await readTableRow(store, input.table, input.key);
      return reading(found ? { found: true, value: filledRow(declaration, found.value) } : { found: false });
    }),
    list: handler<{ table: string; after?: string; limit: number }>(async (input, { store, tables }) => {
      const declaration = declaredTable(tables, input.table);
      const rows = await store.find('table_entries', {
        where: { table_name: input.table, ...(input.after === undefined ? {} : { key: { gt: input.after } }) },
        orderBy: [{ column: 'key' }],
        limit: input.limit,
      });
      return reading({ rows: rows.map((one) => ({ key: one.key, value: filledRow(declaration, one.value) })) });
    }),
    upsert: changing<RowInput & { readonly value: JsonObject }>((before, { key: of, value }, declaration) => {
      const whole = checkedRow(declaration, of, { ...(before?.value as JsonObject | undefined), ...value });
      return { output: { created: !before, value: whole }, value: whole };
    }),
    increment: changing<RowInput & { readonly column: string; readonly by: number }>(
      (before, { key: of, column, by }, declaration) => {
        const sum = numberIn(before, column, declaration) + by;
        const value = { ...(before?.value as JsonObject | undefined), [column]: sum };
        return { output: { value: sum }, value: checkedRow(declaration, of, value) };
      },
    ),
    compare_and_set: changing<RowInput & { readonly expected: JsonObject | null; readonly value: JsonObject }>(
      (before, { key: of, expected, value }, declaration) => {
        const whole = checkedRow(declaration, of, value);
        const current = before ? filledRow(declaration, before.value) : null;
        if (hashJson(current) !== hashJson(expected)) {
          return { output: { swapped: false, value: current }, value: undefined };
        }
        return { output: { swapped: true, value: whole }, value: whole };
      },
    ),
    delete: changing<RowInput>((before) => ({ output: { deleted: before !== undefined }, value: null })),
  },
};

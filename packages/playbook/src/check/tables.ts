import type { JsonSchema } from '@counterpoint/connector-kit';
import { type Json, nearest } from '@counterpoint/core';
import {
  type ExpressionType,
  type TemplateCheckResult,
  typeFromJsonSchema,
  untrusted,
} from '@counterpoint/expressions';
import type { TableDeclaration } from '../declared/table.ts';
import { type DocumentNode, fieldOf, nodeAt } from '../document/node.ts';
import type { ActionStep } from '../plan.ts';
import { type Checking, nodeOf } from './context.ts';
import type { ActionContract } from './contracts.ts';
import type { Scope } from './scope.ts';
import { launderedPieces } from './taint.ts';

/** The built-in connector that keeps tables. */
const CONNECTOR = 'table';

/**
 * The contract of a step on a table that it names: values and what comes out are rows of that table. Any other step's
 * contract stays as it is. A table that does not exist is reported.
 */
export function contractOnTable(contract: ActionContract, step: ActionStep, checking: Checking): ActionContract {
  const table = namedTable(contract, step, checking);
  if (!table) return contract;
  const { id, row, part, columns } = table;
  const name = { type: 'string', const: id };
  const given = withoutDefaults(step.action === 'upsert' ? part : row);
  const input = { table: name, value: given, column: { type: 'string', enum: numbersIn(columns) } };
  return {
    ...contract,
    input: narrowed(contract.input, input),
    output: narrowed(contract.output, {
      ...(step.action === 'increment' ? {} : { value: row }),
      rows: { type: 'array', items: narrowed(itemOf(contract.output), { value: row }) },
    }),
  };
}

function namedTable(contract: ActionContract, step: ActionStep, checking: Checking): TableDeclaration | undefined {
  const { tables } = checking.catalogue;
  const node = fieldOf(fieldOf(nodeOf(step, checking), 'with'), 'table');
  if (!tables || contract.connector !== CONNECTOR || !contract.builtin) return undefined;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value.includes('${{')) return undefined;
  const table = tables.get(node.value);
  if (!table)
    checking.report.add('unknown_table', node.position, { table: node.value }, nearest(node.value, tables.keys()));
  return table;
}

/** What is written may leave out what has a default. */
function withoutDefaults(schema: JsonSchema): JsonSchema {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  const plain = properties.map(([name, { default: _, ...column }]) => [name, column]);
  return { ...schema, properties: Object.fromEntries(plain) };
}

/** The columns that can be added to. */
function numbersIn(columns: TableDeclaration['columns']): string[] {
  return Object.entries(columns).flatMap(([name, { type }]) => (type === 'integer' || type === 'number' ? name : []));
}

function narrowed(schema: JsonSchema, known: Readonly<Record<string, Json>>): JsonSchema {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, Json>>);
  const narrow = properties.map(([name, property]) => [name, Object.hasOwn(known, name) ? known[name] : property]);
  return { ...schema, properties: Object.fromEntries(narrow) };
}

function itemOf(output: JsonSchema): JsonSchema {
  const { rows } = (output.properties ?? {}) as { readonly rows?: { readonly items?: JsonSchema } };
  return rows?.items ?? {};
}

/** Reports what an attacker may have written into columns that those who read the table trust. */
export function checkRowTaint(
  args: DocumentNode | undefined,
  contract: ActionContract,
  step: ActionStep,
  result: TemplateCheckResult | undefined,
  scope: Scope,
  checking: Checking,
): void {
  if (contract.connector !== CONNECTOR || !contract.builtin || !result) return;
  const seen = typeFromJsonSchema(contract.input);
  const table = fieldOf(args, 'table');
  for (const { path } of launderedPieces(result, withValueAlone(seen), scope, checking)) {
    const column = path.slice(1).join('.') || 'value';
    const name = table?.kind === 'scalar' ? table.text : step.id;
    checking.report.add('tainted_row', nodeAt(args ?? nodeOf(step, checking), path).position, { column, table: name });
  }
}

/** Only `value` is read back: by whom a row is found, and what is compared with it, may be anybody's. */
function withValueAlone(type: ExpressionType): ExpressionType {
  if (type.kind !== 'object') return type;
  const fields = Object.entries(type.fields).map(([name, field]) => [
    name,
    name === 'value' || name === 'by' ? field : { ...field, type: untrusted(field.type) },
  ]);
  return { ...type, fields: Object.fromEntries(fields) };
}

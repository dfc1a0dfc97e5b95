import type { Condition, Query, Tally } from '@counterpoint/events';
import type { Column, Table } from '../tables/definition.ts';
import { type Dialect, quote } from './dialect.ts';
import { endOfPrefix } from './prefix.ts';

type Scalar = string | number | boolean | null;

/** A query as data: conditions and order, whatever the row type. */
export type AnyQuery = Pick<Query<never>, 'limit' | 'after'> & {
  readonly where?: Readonly<Record<string, Condition<Scalar> | undefined>>;
  readonly orderBy?: readonly { readonly column: string; readonly descending?: boolean }[];
};

/** SQL text with the values it binds. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const DEFAULT_LIMIT = 100;

interface Builder {
  readonly dialect: Dialect;
  readonly values: unknown[];
}

interface Order {
  readonly column: Column;
  readonly descending: boolean;
  /** Whether rows with null in it can be among the answers: only then must the order say where they stand. */
  readonly nullable: boolean;
}

/** Whether a condition leaves rows out that have null in the column. */
function excludesNull(wanted: Condition<Scalar> | undefined): boolean {
  if (wanted === undefined || wanted === null) return false;
  if (typeof wanted !== 'object') return true;
  return ['gt', 'gte', 'lt', 'lte', 'prefix', 'holding'].some((comparison) => comparison in wanted);
}

function columnOf(table: Table, name: string): Column {
  const column = table.column.get(name);
  if (!column || column.kind === 'json' || column.kind === 'blob') {
    throw new TypeError(`${table.name}.${name} is not a column that can be compared`);
  }
  return column;
}

function bind(builder: Builder, column: Column, value: Scalar): string {
  builder.values.push(builder.dialect.bind(column, value));
  return builder.dialect.placeholder(builder.values.length);
}

function oneOf(builder: Builder, column: Column, values: readonly Scalar[]): string {
  const name = quote(column.name);
  const given = values.filter((value) => value !== null);
  const orNull = given.length < values.length ? ` OR ${name} IS NULL` : '';
  const last = given.at(-1);
  if (last === undefined) return orNull ? `${name} IS NULL` : '1 = 0';
  // Padding to a power of two keeps the number of distinct statements, and so of prepared ones, small.
  const size = 2 ** Math.ceil(Math.log2(given.length));
  const padded = [...given, ...Array.from({ length: size - given.length }, () => last)];
  return `(${name} IN (${padded.map((value) => bind(builder, column, value)).join(', ')})${orNull})`;
}

/** As in `not`, a null is different from everything but null. */
function noneOf(builder: Builder, column: Column, values: readonly Scalar[]): string {
  if (values.length === 0) return '1 = 1';
  const one = oneOf(builder, column, values);
  return column.nullable && !values.includes(null) ? `(${quote(column.name)} IS NULL OR NOT ${one})` : `NOT ${one}`;
}

function startsWith(builder: Builder, column: Column, prefix: string): string {
  const name = quote(column.name);
  const start = builder.dialect.text(prefix);
  const end = endOfPrefix(start);
  builder.values.push(start);
  const from = `${name} >= ${builder.dialect.placeholder(builder.values.length)}`;
  if (end === undefined) return from;
  builder.values.push(end);
  return `(${from} AND ${name} < ${builder.dialect.placeholder(builder.values.length)})`;
}

/** Both databases lower the ASCII letters of such columns only. */
function holding(builder: Builder, column: Column, texts: readonly string[]): string {
  const name = quote(column.name);
  const terms = texts.map((text) => {
    builder.values.push(builder.dialect.text(text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())));
    return `${builder.dialect.position(builder.dialect.placeholder(builder.values.length), `lower(${name})`)} > 0`;
  });
  return `(${[`${name} IS NOT NULL`, ...terms].join(' AND ')})`;
}

const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function condition(builder: Builder, column: Column, wanted: Condition<Scalar>): string {
  const name = quote(column.name);
  if (wanted === null) return `${name} IS NULL`;
  if (typeof wanted !== 'object') return `${name} = ${bind(builder, column, wanted)}`;
  if ('in' in wanted) return oneOf(builder, column, wanted.in);
  if ('notIn' in wanted) return noneOf(builder, column, wanted.notIn);
  if ('prefix' in wanted) return startsWith(builder, column, wanted.prefix);
  if ('holding' in wanted) return holding(builder, column, wanted.holding);
  if ('not' in wanted) {
    return wanted.not === null
      ? `${name} IS NOT NULL`
      : `${name} IS DISTINCT FROM ${bind(builder, column, wanted.not)}`;
  }
  const terms = Object.entries(COMPARISONS).flatMap(([key, operator]) => {
    if (!(key in wanted)) return [];
    const value = (wanted as Readonly<Record<string, Scalar>>)[key] ?? null;
    return [value === null ? '1 = 0' : `${name} ${operator} ${bind(builder, column, value)}`];
  });
  if (terms.length > 0) return terms.join(' AND ');
  throw new TypeError(`The condition on ${column.name} names no comparison`);
}

function conditions(builder: Builder, table: Table, where: AnyQuery['where']): string[] {
  return Object.entries(where ?? {}).flatMap(([name, wanted]) =>
    wanted === undefined ? [] : [condition(builder, columnOf(table, name), wanted)],
  );
}

function orderOf(table: Table, query: AnyQuery): Order[] {
  const asked = (query.orderBy ?? []).map(({ column: name, descending }) => {
    const column = columnOf(table, name);
    const nullable = column.nullable && !excludesNull(query.where?.[name]);
    return { column, descending: descending ?? false, nullable };
  });
  const rest = table.key.filter((name) => !asked.some(({ column }) => column.name === name));
  return [...asked, ...rest.map((name) => ({ column: columnOf(table, name), descending: false, nullable: false }))];
}

/** Whether a row comes behind `value` in one column; null comes first in ascending order. */
function beyond(builder: Builder, { column, descending, nullable }: Order, value: Scalar): string {
  const name = quote(column.name);
  if (value === null) return descending ? '1 = 0' : `${name} IS NOT NULL`;
  const compared = `${name} ${descending ? '<' : '>'} ${bind(builder, column, value)}`;
  return descending && nullable ? `(${compared} OR ${name} IS NULL)` : compared;
}

/** Keyset paging: behind the row whose ordering columns hold `after`. */
function behind(builder: Builder, order: readonly Order[], after: readonly Scalar[]): string {
  const [first, ...rest] = order;
  if (!first) return '1 = 0';
  const value = after[0] ?? null;
  if (rest.length === 0) return beyond(builder, first, value);
  const name = quote(first.column.name);
  // Says nothing new, but lets the database start its index scan at the right place. Values are bound in text order.
  const bounded = value !== null && !first.nullable;
  const bound = bounded ? `${name} ${first.descending ? '<=' : '>='} ${bind(builder, first.column, value)} AND ` : '';
  const past = beyond(builder, first, value);
  const equal = value === null ? `${name} IS NULL` : `${name} = ${bind(builder, first.column, value)}`;
  return `(${bound}(${past} OR (${equal} AND ${behind(builder, rest, after.slice(1))})))`;
}

function orderClause({ column, descending, nullable }: Order): string {
  const nulls = nullable ? ` NULLS ${descending ? 'LAST' : 'FIRST'}` : '';
  return `${quote(column.name)}${descending ? ' DESC' : ''}${nulls}`;
}

function whereClause(terms: readonly string[]): string {
  return terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '';
}

/**
 * The rows that a query means. Values are always bound; identifiers come from the table's description.
 *
 * @throws TypeError when a column does not exist or cannot be compared
 */
export function selectStatement(dialect: Dialect, table: Table, query: AnyQuery): Statement {
  const builder: Builder = { dialect, values: [] };
  const terms = conditions(builder, table, query.where);
  const order = orderOf(table, query);
  if (query.after) {
    if (query.after.length !== order.length) {
      throw new TypeError(`"after" needs ${order.length} values: ${order.map(({ column }) => column.name).join(', ')}`);
    }
    terms.push(behind(builder, order, query.after));
  }
  const columns = table.columns.map((column) => quote(column.name)).join(', ');
  builder.values.push(query.limit ?? DEFAULT_LIMIT);
  const sql = `SELECT ${columns} FROM ${quote(table.name)}${whereClause(terms)} ORDER BY ${order
    .map(orderClause)
    .join(', ')} LIMIT ${dialect.placeholder(builder.values.length)}`;
  return { sql, values: builder.values };
}

/** How many rows a query means. */
export function countStatement(dialect: Dialect, table: Table, where: AnyQuery['where']): Statement {
  const builder: Builder = { dialect, values: [] };
  const terms = conditions(builder, table, where);
  return { sql: `SELECT count(*) AS "count" FROM ${quote(table.name)}${whereClause(terms)}`, values: builder.values };
}

/** A tally as data, whatever the row type. */
export type AnyTally = Pick<AnyQuery, 'where'> & {
  readonly by?: readonly string[];
  readonly slice?: { readonly column: string; readonly width: number };
  readonly sum?: readonly string[];
};

function sliceOf(table: Table, { column, width }: NonNullable<Tally<never>['slice']>): string {
  const { kind, name } = columnOf(table, column);
  if (kind !== 'int' || !Number.isSafeInteger(width) || width < 1) {
    throw new TypeError(`${table.name}.${name} cannot be cut into slices of ${width}`);
  }
  // The width stands in the text: as a bound value SQLite would divide by a fraction.
  return `${quote(name)} / ${width}`;
}

/** Rows in groups: the columns of `by`, then `slice` (its number), `count`, and `sum0`, `sum1`, … */
export function tallyStatement(dialect: Dialect, table: Table, tally: AnyTally): Statement {
  const builder: Builder = { dialect, values: [] };
  const terms = conditions(builder, table, tally.where);
  const by = (tally.by ?? []).map((name) => quote(columnOf(table, name).name));
  const slice = tally.slice && sliceOf(table, tally.slice as NonNullable<Tally<never>['slice']>);
  if (tally.slice) terms.push(`${quote(tally.slice.column)} IS NOT NULL`);
  const sums = (tally.sum ?? []).map((name, index) => `sum(${quote(columnOf(table, name).name)}) AS "sum${index}"`);
  const shown = [...by, ...(slice ? [`${slice} AS "slice"`] : []), 'count(*) AS "count"', ...sums];
  const groups = [...by, ...(slice ? [slice] : [])];
  const grouped = groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : '';
  const sql = `SELECT ${shown.join(', ')} FROM ${quote(table.name)}${whereClause(terms)}${grouped}`;
  return { sql, values: builder.values };
}

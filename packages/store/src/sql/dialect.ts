import type { Column } from '../tables/definition.ts';

/** What the two databases say differently. */
export interface Dialect {
  /** Column types. */
  readonly types: Readonly<Record<Column['kind'], string>>;
  /** The n-th bound parameter, from 1. */
  placeholder(position: number): string;
  /** What follows the closing bracket of a table's definition. */
  tableSuffix(clustered: boolean): string;
  /** The value of a column as the driver takes it. */
  bind(column: Column, value: unknown): unknown;
  /** The value of a column from what the driver gave. */
  read(column: Column, value: unknown): unknown;
  /** The text of a member of a JSON column, as an expression; null where there is none. */
  jsonMember(column: string, member: string): string;
  /** Where the text in one expression occurs in the other, from 1; 0: nowhere. */
  position(part: string, whole: string): string;
  /** A text as it is stored and compared. */
  text(value: string): string;
}

/** Quotes an identifier; identifiers come from the table descriptions only. */
export function quote(identifier: string): string {
  return `"${identifier}"`;
}

/** JSON as text; JSON's `null` (and an absent value) is SQL's. */
export function jsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

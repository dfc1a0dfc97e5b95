import { escapeControl, type Json, type JsonObject } from '@counterpoint/core';

function cell(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return escapeControl(text).replaceAll('\\', '\\\\').replaceAll('|', '\\|');
}

/**
 * Writes rows as a GitHub-flavoured Markdown table. Bars, backslashes and control characters in values are escaped, so
 * that a value cannot make columns or rows of its own. Empty text when there are no columns.
 *
 * @param columns In this order; default: every member of the rows, in order of appearance.
 */
export function formatTable(rows: readonly JsonObject[], columns?: readonly string[]): string {
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(names.map(cell)),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((name) => cell(Object.hasOwn(row, name) ? row[name] : null)))),
  ].join('\n');
}

import type { Spread } from '../statistics.ts';

/** Shown where something could not be measured. */
const NOTHING = '–';

/** Three significant digits below 100, whole numbers with thousands separators from there on. */
export function number(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 99.95) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** Bytes as megabytes (10⁶ bytes). */
export function megabytes(bytes: number): string {
  return number(bytes / 1e6);
}

/** A figure of several rounds: the median, and from where to where it went. */
export function withSpread(spread: Spread | null, format: (value: number) => string = number): string {
  if (spread === null) return NOTHING;
  const [median, min, max] = [format(spread.median), format(spread.min), format(spread.max)];
  return min === max ? median : `${median} (${min} to ${max})`;
}

/** A figure of several rounds: the median alone. */
export function medianOf(spread: Spread | null, format: (value: number) => string = number): string {
  return spread === null ? NOTHING : format(spread.median);
}

/** A Markdown table whose columns line up in plain text too; all columns but the first are figures and stand right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

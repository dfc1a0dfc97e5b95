import { escapeControl, formatDuration } from '@counterpoint/core';
import Table from 'cli-table3';
import pc from 'picocolors';

/** A node of a tree to print. */
export interface TreeNode {
  readonly label: string;
  readonly children: readonly TreeNode[];
}

/** Makes text that came from outside safe to print. */
export const safe = (text: unknown): string => escapeControl(typeof text === 'string' ? text : JSON.stringify(text));

const ESCAPE = String.fromCharCode(27);
/** What a terminal may be told: colours (not the one that hides text), tabs, and ends of lines. */
const OURS = new RegExp(`(${ESCAPE}\\[(?!8m)\\d{1,3}m|[\\n\\t])`);

/**
 * Text of ours, in which something from outside may have been forgotten: whatever moves the cursor, sets the title, fills the
 * clipboard or turns the direction of writing is shown instead. JSON stays the same data.
 */
export function printable(text: string): string {
  return text
    .split(OURS)
    .map((part, index) => (index % 2 === 1 ? part : escapeControl(part)))
    .join('');
}

/** Prints one line. */
export function line(text = ''): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Prints data as JSON, for programs. */
export function printJson(value: unknown): void {
  line(JSON.stringify(value, null, 2));
}

/** Prints rows under a head; says so when there are none. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[], empty: string): void {
  if (rows.length === 0) {
    line(pc.dim(empty));
    return;
  }
  const table = new Table({
    head: head.map((text) => pc.bold(text)),
    style: { head: [], border: pc.isColorSupported ? ['dim'] : [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  table.push(...rows.map((row) => [...row]));
  line(table.toString());
}

/** The lines of a tree drawn with box characters. */
export function renderTree(nodes: readonly TreeNode[], indent = ''): string[] {
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const [first = '', ...more] = node.label.split('\n');
    const continued = indent + (last ? '   ' : '│  ');
    return [
      `${pc.dim(indent + (last ? '└─ ' : '├─ '))}${first}`,
      ...more.map((text) => `${pc.dim(continued + (node.children.length > 0 ? '│  ' : '   '))}${text}`),
      ...renderTree(node.children, continued),
    ];
  });
}

/** A local time of day with milliseconds. */
export function clockTime(millis: number): string {
  const date = new Date(millis);
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** A local date and time to the second. */
export function dateTime(millis: number | null): string {
  if (millis === null) return '';
  const date = new Date(millis);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** How long until a time, or since it: `in 23 h 59 min`, `4 s ago`. */
export function relativeTime(millis: number | null, now: number): string {
  if (millis === null) return '';
  return millis >= now ? `in ${formatDuration(millis - now)}` : `${formatDuration(now - millis)} ago`;
}

const GOOD = new Set(['succeeded', 'performed', 'created', 'delivered', 'undone', 'processed', 'resolved']);
const BAD = new Set(['failed', 'undo_failed', 'refused', 'dead', 'denied']);
const WAITING = new Set([
  'waiting',
  'unknown',
  'held',
  'pending',
  'running',
  'undoing',
  'queued',
  'intended',
  'open',
  'new',
]);

/** A status in the colour of its meaning. */
export function colourStatus(status: string): string {
  if (GOOD.has(status)) return pc.green(status);
  if (BAD.has(status)) return pc.red(status);
  if (WAITING.has(status)) return pc.yellow(status);
  return status;
}

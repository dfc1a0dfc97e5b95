import type { AuditCheckpointRow, AuditRow, Reader } from '@counterpoint/events';
import { errors } from './errors.ts';

const PAGE = 1_000;
const FORMAT = 'counterpoint-audit';

/** What an export holds. Checkpoints come before rows, so that a verification needs one pass. */
export interface AuditExport {
  readonly installation: string;
  readonly checkpoints: readonly AuditCheckpointRow[];
  /** Can be read once. @throws audit.export_invalid while it is read */
  readonly rows: AsyncIterable<AuditRow>;
}

/** All audit rows by ascending sequence, a thousand at a time. */
export async function* readAuditRows(reader: Reader): AsyncGenerator<AuditRow> {
  let seq = 0;
  for (;;) {
    const page = await reader.find('audit', { where: { seq: { gt: seq } }, orderBy: [{ column: 'seq' }], limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    seq = last.seq;
  }
}

/** All checkpoints by ascending sequence. There are few: one for every so many rows or minutes. */
export async function readCheckpoints(reader: Reader): Promise<readonly AuditCheckpointRow[]> {
  const all: AuditCheckpointRow[] = [];
  let seq = 0;
  for (;;) {
    const where = { seq: { gt: seq } };
    const page = await reader.find('audit_checkpoints', { where, orderBy: [{ column: 'seq' }], limit: PAGE });
    all.push(...page);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return all;
    seq = last.seq;
  }
}

/**
 * The audit log as JSON lines (each ends in `\n`): a header `{format, version, installation}`, then
 * `{"checkpoint": …}` lines, then `{"row": …}` lines by ascending sequence.
 */
export async function* exportAudit(reader: Reader, installation: string): AsyncGenerator<string> {
  yield line({ format: FORMAT, version: 1, installation });
  for (const checkpoint of await readCheckpoints(reader)) yield line({ checkpoint });
  for await (const row of readAuditRows(reader)) yield line({ row });
}

/**
 * Reads an export, line by line, keeping only its checkpoints in memory.
 *
 * @param lines without or with their line ends, such as `readline` gives them; empty ones are skipped.
 * @throws audit.export_invalid
 */
export async function readAuditExport(lines: Iterable<string> | AsyncIterable<string>): Promise<AuditExport> {
  const entries = parseLines(lines);
  const first = await entries.next();
  const header = first.done ? {} : first.value.value;
  if (header.format !== FORMAT || header.version !== 1 || typeof header.installation !== 'string') {
    throw errors.export_invalid({ line: 1, reason: 'it is not the header of an audit export of version 1' });
  }
  const checkpoints: AuditCheckpointRow[] = [];
  let entry = await entries.next();
  while (!entry.done && 'checkpoint' in entry.value.value) {
    checkpoints.push(member(entry.value, 'checkpoint', CHECKPOINT_SHAPE) as unknown as AuditCheckpointRow);
    entry = await entries.next();
  }
  return { installation: header.installation, checkpoints, rows: rowsFrom(entry, entries) };
}

interface Line {
  readonly number: number;
  readonly value: Readonly<Record<string, unknown>>;
}

type Shape = Readonly<Record<string, 'string' | 'number'>>;
const CHECKPOINT_SHAPE: Shape = { id: 'string', seq: 'number', hash: 'string', at: 'number', signature: 'string' };
const ROW_SHAPE: Shape = {
  seq: 'number',
  at: 'number',
  principal: 'string',
  action: 'string',
  object: 'string',
  trace: 'string',
  prev: 'string',
  hash: 'string',
};

async function* rowsFrom(first: IteratorResult<Line>, rest: AsyncGenerator<Line>): AsyncGenerator<AuditRow> {
  for (let entry = first; !entry.done; entry = await rest.next()) {
    yield member(entry.value, 'row', ROW_SHAPE) as unknown as AuditRow;
  }
}

async function* parseLines(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    yield { number, value: parseObject(text, number) };
  }
}

function parseObject(text: string, number: number): Line['value'] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw errors.export_invalid({ line: number, reason: 'it is not JSON' }, { cause });
  }
  if (!isObject(value)) throw errors.export_invalid({ line: number, reason: 'it is not an object' });
  return value;
}

function member(entry: Line, name: string, shape: Shape): Line['value'] {
  const value = entry.value[name];
  if (!isObject(value)) throw errors.export_invalid({ line: entry.number, reason: `it has no "${name}"` });
  for (const [key, type] of Object.entries(shape)) {
    if (typeof value[key] !== type) {
      throw errors.export_invalid({ line: entry.number, reason: `"${name}.${key}" is not a ${type}` });
    }
  }
  return value;
}

function isObject(value: unknown): value is Line['value'] {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

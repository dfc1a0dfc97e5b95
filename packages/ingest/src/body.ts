import { escapeControl, jsonDepth } from '@counterpoint/core';
import { foreignFormat } from './foreign-format.ts';
import { jsonFault } from './json-fault.ts';

/** One item of a body: what it says, or why it cannot be read. */
export type BodyItem = { readonly value: unknown } | { readonly problem: string };

/** A body as items, or why nothing of it can be read. */
export type Body =
  | { readonly items: readonly BodyItem[]; readonly whole: boolean }
  | { readonly problem: string; readonly line?: number; readonly column?: number };

/** How bodies are bounded. */
export interface BodyLimits {
  /** The deepest nesting of arrays and objects. */
  readonly jsonDepth: number;
  /** The most items of one body. */
  readonly items: number;
}

const JSON_TYPES = new Set(['application/json', 'application/cloudevents+json']);
const LINE_TYPES = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'text/plain']);
const MEDIA_TYPE = /^([a-z]+\/[a-z0-9.+-]+)(?: *; *charset="?utf-?8"?)?$/i;

/** How a body of this media type is read; undefined when it is not. Only UTF-8 is, and no parameter beside it. */
export function readingOf(mediaType: string): 'json' | 'lines' | undefined {
  const name = mediaType.length > 100 ? undefined : MEDIA_TYPE.exec(mediaType)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  if (JSON_TYPES.has(name)) return 'json';
  return LINE_TYPES.has(name) ? 'lines' : undefined;
}

/**
 * Reads a body as one JSON value or as one JSON value on each line. Tools often label the one as the other, so what
 * cannot be read the way it says is tried the other way. A line that cannot be read is an item with a problem; only
 * when no line can be read the body has none.
 */
export function readBody(text: string, reading: 'json' | 'lines', limits: BodyLimits): Body {
  if (text.trim() === '') return { problem: 'it is empty' };
  if (reading === 'json') {
    const whole = readWhole(text, limits);
    if (!('problem' in whole)) return whole;
    const lines = readLines(text, limits);
    return lines !== undefined ? lines : whole;
  }
  return readLines(text, limits) ?? readWhole(text, limits);
}

function readWhole(text: string, limits: BodyLimits): Body {
  const parsed = parse(text, limits.jsonDepth);
  if ('problem' in parsed) {
    if (parsed.deep) return { problem: parsed.problem };
    const foreign = foreignFormat(text);
    if (foreign) return { problem: `it is ${foreign.name}, and only JSON is read` };
    return { problem: parsed.problem, ...jsonFault(text) };
  }
  if (Array.isArray(parsed.value) && parsed.value.length > limits.items) {
    return { problem: `it has more than ${limits.items} items` };
  }
  return { items: [parsed], whole: true };
}

/** Undefined when there is one line only, or none that can be read. */
function readLines(text: string, limits: BodyLimits): Body | undefined {
  if (!text.trim().includes('\n')) return undefined;
  const items: BodyItem[] = [];
  let readable = 0;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (line.trim() === '') continue;
    if (items.length >= limits.items) return { problem: `it has more than ${limits.items} lines`, line: number };
    const parsed = parse(line, limits.jsonDepth);
    if ('problem' in parsed) items.push({ problem: `line ${number}: ${parsed.problem}` });
    else {
      items.push(parsed);
      if (typeof parsed.value === 'object' && parsed.value !== null) readable += 1;
    }
    // A text that is no list of JSON lines shows early; a bomb of broken lines must not cost an error for each.
    if (readable === 0 && items.length >= 100) return undefined;
  }
  return readable === 0 ? undefined : { items, whole: false };
}

function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    if (end === -1) {
      yield text.slice(from);
      return;
    }
    yield text.slice(from, end);
    from = end + 1;
  }
}

function parse(text: string, maxDepth: number): { value: unknown } | { problem: string; deep: boolean } {
  if (jsonDepth(text) > maxDepth) return { problem: `it is nested deeper than ${maxDepth} levels`, deep: true };
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    // The engine quotes the text at fault, which comes from outside.
    return {
      problem: escapeControl(cause instanceof Error ? cause.message : String(cause)).slice(0, 200),
      deep: false,
    };
  }
}

import type { ErrorExtras } from '@counterpoint/core';
import { errors } from './errors.ts';

/** A stretch of a template string: literal text, or an expression at `offset` of the string. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string; readonly offset: number };

const OPEN = '$' + '{{';
const ESCAPED = `$${OPEN}`;

/** Whether a string needs scanning at all. */
export function hasTemplate(text: string): boolean {
  return text.includes(OPEN);
}

/** The end of a quoted text in CEL that starts at `from`: its closing quote's index, or the length when it is open. */
function endOfQuote(text: string, from: number): number {
  const quote = text[from] as string;
  const triple = quote.repeat(3);
  const closing = text.startsWith(triple, from) ? triple : quote;
  for (let index = from + closing.length; index < text.length; index++) {
    // The lexer skips what follows a backslash also in raw texts, so a raw text cannot end in one.
    if (text[index] === '\\') index += 1;
    else if (text.startsWith(closing, index)) return index + closing.length - 1;
  }
  return text.length;
}

/** The index of the braces that close an expression starting at `from`, or -1. Braces in texts and maps do not count. */
function findClose(text: string, from: number): number {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    const char = text[index];
    if (char === '"' || char === "'") index = endOfQuote(text, index);
    else if (char === '{') depth += 1;
    else if (char === '}') {
      if (depth === 0) return text[index + 1] === '}' ? index : -1;
      depth -= 1;
    }
  }
  return -1;
}

/**
 * Splits a template string. `$${{` stands for the characters `${{`.
 *
 * @throws expressions.template_unterminated with the offset in the string
 */
export function scanTemplate(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let literal = '';
  let from = 0;
  for (;;) {
    const open = text.indexOf(OPEN, from);
    if (open === -1) break;
    if (open > from && text[open - 1] === '$') {
      literal += text.slice(from, open - 1) + OPEN;
      from = open + OPEN.length;
      continue;
    }
    literal += text.slice(from, open);
    const start = open + OPEN.length;
    const close = findClose(text, start);
    if (close === -1) throw errors.template_unterminated({}, unterminated(text, open));
    if (literal !== '') segments.push({ kind: 'text', text: literal });
    literal = '';
    segments.push({ kind: 'expression', ...trimmed(text, start, close) });
    from = close + 2;
  }
  literal += text.slice(from);
  if (literal !== '' || segments.length === 0) segments.push({ kind: 'text', text: literal });
  return segments;
}

function unterminated(source: string, offset: number): ErrorExtras {
  return { details: { source, offset, length: ESCAPED.length - 1 } };
}

function trimmed(text: string, start: number, end: number): { readonly source: string; readonly offset: number } {
  const inner = text.slice(start, end);
  return { source: inner.trim(), offset: start + inner.length - inner.trimStart().length };
}

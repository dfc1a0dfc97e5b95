import type { TextChange } from './edit.ts';

/** Take `remove` lines out at line `at` (counted from 0) and put others there. */
export interface LineSplice {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly string[];
}

/** A text as its lines, each with its line break. */
export interface Lines {
  readonly text: string;
  readonly lines: readonly string[];
  /** Offset of each line, and of the end. */
  readonly starts: readonly number[];
  /** The line break of the text. */
  readonly eol: string;
}

/** Splits a text. Only `\n` and `\r\n` end lines. */
export function splitLines(text: string): Lines {
  const lines = text.split(/(?<=\n)/).filter((line) => line !== '');
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  return { text, lines, starts, eol: lines[0]?.endsWith('\r\n') ? '\r\n' : '\n' };
}

/** A line without its break. */
export function bare(line: string): string {
  return line.replace(/\r?\n$/, '');
}

/** How many spaces a line begins with. */
export function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** Whether there is nothing on a line. */
export function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** Whether there is only a comment on a line. */
export function isComment(line: string): boolean {
  return line.trimStart().startsWith('#');
}

/** Changes of a text from splices of its lines; the last line keeps its line break, or that it has none. */
export function changesOf(source: Lines, splices: readonly LineSplice[]): readonly TextChange[] {
  const { lines, starts, eol, text } = source;
  const open = lines.length > 0 && !text.endsWith('\n');
  return joined(splices).flatMap(({ at, remove, insert }) => {
    const whole = insert.map((line) => (line.endsWith('\n') ? line : line + eol)).join('');
    const from = starts[at] ?? text.length;
    const to = starts[at + remove] ?? text.length;
    if (!open || at + remove < lines.length) return trimmed(text, { from, to, insert: whole });
    const last = withoutBreak(whole);
    if (at === lines.length) return last === '' ? [] : [{ from, to, insert: eol + last }];
    if (last !== '' || at === 0) return trimmed(text, { from, to, insert: last });
    return [{ from: from - breakOf(lines[at - 1] ?? ''), to, insert: '' }];
  });
}

function breakOf(line: string): number {
  return line.length - bare(line).length;
}

function withoutBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** In order, those that touch each other as one. */
function joined(splices: readonly LineSplice[]): readonly LineSplice[] {
  const result: LineSplice[] = [];
  for (const splice of [...splices].sort((a, b) => a.at - b.at || a.remove - b.remove)) {
    const last = result.at(-1);
    if (!last || last.at + last.remove < splice.at) result.push(splice);
    else {
      result[result.length - 1] = {
        at: last.at,
        remove: last.remove + splice.remove,
        insert: [...last.insert, ...splice.insert],
      };
    }
  }
  return result;
}

/** Without what stays the same at both ends. */
function trimmed(text: string, { from, to, insert }: TextChange): readonly TextChange[] {
  const old = text.slice(from, to);
  if (old === insert) return [];
  let head = 0;
  while (head < old.length && head < insert.length && old[head] === insert[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, insert.length) - head;
  while (tail < most && old[old.length - 1 - tail] === insert[insert.length - 1 - tail]) tail += 1;
  return [{ from: from + head, to: to - tail, insert: insert.slice(head, insert.length - tail) }];
}

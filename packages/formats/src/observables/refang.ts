/** A text with its defanging undone, and the way back to where each part stood. */
export interface Refanged {
  readonly text: string;
  /** The index in the original text of an index in {@link text}. */
  readonly toOriginal: (index: number) => number;
}

// Every alternative is a literal of bounded length, so the scan is linear whatever the text.
const MARK =
  /(?<![a-z0-9])(?:hxxp|h\*\*p|fxp)(?=s?(?:\[?:|\(:|\{:))|[[({](?:\.|,|dot|punkt)[\])}]|\[\.(?=[a-z0-9])|\\\.|[[({](?:@|at)[\])}]|[[({]:[\])}]|\[:\/\/\]|[[({]\/[\])}]/gi;
/** How many marks are undone in one text: far above any report, and a bound on the memory that a bomb can take. */
const MAX_MARKS = 100_000;
const QUICK = /[[({\\]|hxxp|h\*\*p|fxp/i;
const identity = (index: number) => index;

function replacementOf(mark: string): string {
  const lower = mark.toLowerCase();
  if (lower === 'fxp') return 'ftp';
  if (lower.startsWith('h')) return 'http';
  if (lower === '[://]') return '://';
  const inner = lower.replaceAll(/[[\](){}\\]/g, '');
  if (inner === '@' || inner === 'at') return '@';
  return inner === ':' || inner === '/' ? inner : '.';
}

const isBlank = (code: number) => code === 0x20 || code === 0x09;
const isWord = (code: number) =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code > 0x7f;

/** Up to two blanks around a bracketed mark belong to it when there are words on both sides: `evil [.] com`. */
function widen(text: string, from: number, to: number, floor: number): readonly [start: number, end: number] {
  let start = from;
  let end = to;
  while (start > floor && from - start < 2 && isBlank(text.charCodeAt(start - 1))) start -= 1;
  while (end < text.length && end - to < 2 && isBlank(text.charCodeAt(end))) end += 1;
  const joins = start > floor && isWord(text.charCodeAt(start - 1)) && isWord(text.charCodeAt(end));
  return joins ? [start, end] : [from, to];
}

/**
 * Undoes the ways in which people make indicators unclickable: `hxxp`, `[.]`, `(dot)`, `{.}`, `\.`, `[@]`, `[at]`,
 * `[:]//`, `[://]`, `[/]`, with blanks around a bracketed dot or at. Linear in the length of the text; what follows the first 100,000 marks stays as it is.
 */
export function refangWithOffsets(text: string): Refanged {
  if (!QUICK.test(text)) return { text, toOriginal: identity };
  const parts: string[] = [];
  const cuts: Cuts = { at: [], original: [] };
  let taken = 0;
  let length = 0;
  for (const match of text.matchAll(MARK)) {
    const replacement = replacementOf(match[0]);
    const wide = replacement === '.' || replacement === '@';
    const after = match.index + match[0].length;
    const [start, end] = wide ? widen(text, match.index, after, taken) : [match.index, after];
    if (start > taken) parts.push(text.slice(taken, start));
    parts.push(replacement);
    length += start - taken + replacement.length;
    cuts.at.push(length);
    cuts.original.push(end);
    taken = end;
    if (cuts.at.length === MAX_MARKS) break;
  }
  if (parts.length === 0) return { text, toOriginal: identity };
  parts.push(text.slice(taken));
  return { text: parts.join(''), toOriginal: (index) => originalIndex(cuts, index) };
}

/** Behind each mark: the index in the refanged text, and the index in the original that it stands for. */
interface Cuts {
  readonly at: number[];
  readonly original: number[];
}

function originalIndex({ at, original }: Cuts, index: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? index : (original[low - 1] ?? 0) + index - (at[low - 1] ?? 0);
}

/** The text with its defanging undone; see {@link refangWithOffsets} for the forms. */
export function refang(text: string): string {
  return refangWithOffsets(text).text;
}

const SCALAR = /(?:-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,10})?|true|false|null)(?![\w.])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = ' \t\n\r';

/** What may come next: a value, a name, what ends a value, or nothing more. */
type Expected = 'value' | 'value_or_end' | 'name' | 'name_or_end' | 'colon' | 'next' | 'nothing';

/**
 * Where a text stops being JSON (RFC 8259), with line and column from 1: the place that the engine's own message often
 * leaves out. Undefined for a text that is JSON.
 */
export function jsonFault(text: string): { readonly line: number; readonly column: number } | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  while (expected !== 'nothing') {
    at = afterSpace(text, at);
    const end = tokenEnd(text, at);
    const next: Expected | undefined = end === undefined ? undefined : step(expected, text.charAt(at), open);
    if (end === undefined || next === undefined) return placeOf(text, at);
    at = end;
    expected = next;
  }
  at = afterSpace(text, at);
  return at === text.length ? undefined : placeOf(text, at);
}

// By hand where a text may be megabytes long: an expression keeps a place to go back to for every character.
function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.includes(text.charAt(at))) at += 1;
  return at;
}

function tokenEnd(text: string, at: number): number | undefined {
  const first = text.charAt(at);
  if (first === '"') return stringEnd(text, at + 1);
  if (first !== '' && '[]{},:'.includes(first)) return at + 1;
  SCALAR.lastIndex = at;
  return SCALAR.test(text) ? SCALAR.lastIndex : undefined;
}

function stringEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) continue;
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) return undefined;
    at = ESCAPE.lastIndex - 1;
  }
  return undefined;
}

/** What may come after a token, told apart by its first character; undefined when it may not stand here. */
function step(expected: Expected, first: string, open: string[]): Expected | undefined {
  if (expected === 'colon') return first === ':' ? 'value' : undefined;
  if (first === '"' && expected.startsWith('name')) return 'colon';
  if (expected.startsWith('value') && !']},:'.includes(first)) {
    if (first !== '[' && first !== '{') return afterValue(open);
    open.push(first);
    return first === '[' ? 'value_or_end' : 'name_or_end';
  }
  if (first === ',' && expected === 'next') return open.at(-1) === '[' ? 'value' : 'name';
  const ends = expected === 'next' || expected.endsWith('_or_end');
  if (!ends || first !== (open.at(-1) === '[' ? ']' : '}')) return undefined;
  open.pop();
  return afterValue(open);
}

const afterValue = (open: readonly string[]): Expected => (open.length === 0 ? 'nothing' : 'next');

function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: at - start + 1 };
}

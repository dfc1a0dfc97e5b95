import { EXPRESSION_FIELDS } from '../document/slots.ts';

/** Where a cursor stands, as far as the lines around it tell; the text may be broken. */
export interface Place {
  /** Keys from the document down; `[]` for an item of a list. */
  readonly path: readonly string[];
  /** Whether a key or a value is written, or the inside of an expression. */
  readonly mode: 'key' | 'value' | 'expression';
  /** The key whose value is written; empty for an item of a list. */
  readonly key: string;
  /** The word that is being written. */
  readonly from: number;
  readonly to: number;
  /** Column of the key that is being written, or of the key of the value; counted from 0. */
  readonly column: number;
  /** Whether the place is in brackets on a line. */
  readonly flow: boolean;
  /** The other fields of the same map, with their values as text. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Where the expression stands, when it is one. */
  readonly expression: { readonly from: number; readonly to: number } | undefined;
}

interface Line {
  readonly start: number;
  readonly text: string;
  /** Columns of the dashes that it begins with. */
  readonly dashes: readonly number[];
  /** Column of what follows them. */
  readonly column: number;
  /** Undefined when it does not begin with a key. */
  readonly key: string | undefined;
  /** What follows the colon, without white space around it. */
  readonly value: string;
  readonly empty: boolean;
}

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'{}[\],#&*!|>%@`][^:#{}[\],]*?))\s*:(?=\s|$)/;
const WORD_BEFORE = /[\w.@/:-]*$/;
const WORD_AFTER = /^[\w.@/-]*/;

/** Longer words are no names, and longer values need not be known whole: patterns see no more than this. */
const LONGEST = 300;

function readLine(text: string, start: number): Line {
  const dashes: number[] = [];
  let column = /^ */.exec(text)?.[0].length ?? 0;
  for (;;) {
    const dash = /^-(?: +|$)/.exec(text.slice(column));
    if (!dash) break;
    dashes.push(column);
    column += dash[0].length;
  }
  const rest = text.slice(column);
  const match = KEY.exec(rest.slice(0, LONGEST));
  const key = match && (match[1] ?? match[2] ?? match[3]);
  const value = rest.slice(match?.[0].length ?? 0, LONGEST).trim();
  const empty = rest.trim() === '' || rest.startsWith('#');
  return { start, text, dashes, column, key: key ?? undefined, value, empty: empty && dashes.length === 0 };
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split('\n').map((raw) => {
    const line = readLine(raw.replace(/\r$/, ''), start);
    start += raw.length + 1;
    return line;
  });
}

/** Finds out where a cursor stands. */
export function placeAt(text: string, offset: number): Place {
  const lines = linesOf(text);
  const at = text.slice(0, offset).split('\n').length - 1;
  const line = lines[at] ?? readLine('', 0);
  const before = line.text.slice(0, offset - line.start);
  const after = line.text.slice(offset - line.start);
  const word = {
    from: offset - (WORD_BEFORE.exec(before.slice(-LONGEST))?.[0].length ?? 0),
    to: offset + (WORD_AFTER.exec(after.slice(0, LONGEST))?.[0].length ?? 0),
  };
  const around = surroundings(lines, at, before);
  const expression = expressionAt(lines, at, text, offset, around);
  const mode = expression ? 'expression' : around.mode;
  return { ...around, ...word, mode, expression };
}

type Around = Pick<Place, 'path' | 'key' | 'column' | 'flow' | 'siblings'> & { readonly mode: 'key' | 'value' };

function surroundings(lines: readonly Line[], at: number, before: string): Around {
  const line = readLine(before, 0);
  const own = lines[at];
  const column = own && !own.empty ? Math.min(own.column, before.length) : before.length;
  const path = pathOf(lines, at, column, line.dashes);
  const siblings = siblingsOf(lines, at, column, line.dashes);
  const whole = line.key === undefined ? before.slice(line.column) : before.slice(before.indexOf(':', line.column) + 1);
  const flow = flowAt(whole);
  const inValue = line.key === undefined ? path : [...path, line.key];
  if (flow) {
    const { frames, key, isKey } = flow;
    const inside = frames.flatMap(({ owner, list }) => [...(owner === '' ? [] : [owner]), ...(list ? ['[]'] : [])]);
    const entries = frames.at(-1)?.entries ?? new Map<string, string>();
    const behind = entriesBehind(own?.text.slice(before.length) ?? '');
    return {
      path: [...inValue, ...inside],
      mode: isKey ? 'key' : 'value',
      key,
      column,
      flow: true,
      siblings: new Map([...entries, ...behind]),
    };
  }
  if (line.key === undefined) {
    const isItem = line.dashes.length > 0 && !isMapList(path);
    return { path, mode: isItem ? 'value' : 'key', key: '', column, flow: false, siblings };
  }
  return { path, mode: 'value', key: line.key, column, flow: false, siblings };
}

/** Lists whose items are maps: behind their dash a key is written. */
const PLAIN_LISTS: ReadonlySet<string> = new Set(['covers', 'via', 'on', 'users', 'publishers', 'enum', 'required']);

function isMapList(path: readonly string[]): boolean {
  const owner = path.at(-2) ?? '';
  // `on` holds triggers in a document, and names of errors in `catch` and `retry`.
  return owner === 'on' ? path.length === 2 : !PLAIN_LISTS.has(owner);
}

/** Walks up to lines that are less deep. */
function pathOf(lines: readonly Line[], at: number, column: number, dashes: readonly number[]): readonly string[] {
  const path: string[] = [];
  let limit = column;
  let afterDash = false;
  const throughDashes = (columns: readonly number[]): void => {
    for (const dash of [...columns].reverse()) {
      if (dash >= limit) continue;
      path.unshift('[]');
      limit = dash;
      afterDash = true;
    }
  };
  throughDashes(dashes);
  for (let index = at - 1; index >= 0 && (limit > 0 || afterDash); index--) {
    const line = lines[index];
    if (!line || line.empty) continue;
    const isParent = line.key !== undefined && line.value.replace(/^#.*/, '').replace(/^[&!]\S+\s*/, '') === '';
    const above = line.column < limit || (afterDash && line.column === limit && line.dashes.length === 0);
    if (above && isParent && line.key !== undefined) {
      path.unshift(line.key);
      limit = line.column;
      afterDash = false;
      throughDashes(line.dashes);
    } else if (line.column <= limit && !afterDash) throughDashes(line.dashes);
  }
  return path;
}

/** The fields of the map that a line belongs to, above and below it. */
function siblingsOf(lines: readonly Line[], at: number, column: number, dashes: readonly number[]) {
  const found = new Map<string, string>();
  const gather = (from: number, step: 1 | -1): void => {
    for (let index = from; index >= 0 && index < lines.length; index += step) {
      const line = lines[index];
      if (!line || line.empty) continue;
      const first = line.dashes[0] ?? line.column;
      if (step === 1 && first < column) return;
      if (line.column < column) return;
      if (line.column === column && line.key !== undefined) found.set(line.key, unquoted(line.value));
      if (step === -1 && first < column) return;
    }
  };
  if (dashes.length === 0) gather(at - 1, -1);
  gather(at + 1, 1);
  return found;
}

function unquoted(value: string): string {
  return value.replace(/\s+#.*$/, '').replace(/^(["'])(.*)\1$/, '$2');
}

interface Frame {
  /** Key whose value it is; empty for an item of a list. */
  readonly owner: string;
  readonly list: boolean;
  readonly entries: Map<string, string>;
}

/** The brackets that are open at the end of a value; undefined when none are. */
function flowAt(
  text: string,
): { readonly frames: readonly Frame[]; readonly key: string; readonly isKey: boolean } | undefined {
  const frames: Frame[] = [];
  let key = '';
  let word = '';
  let isKey = true;
  const close = (): void => {
    const frame = frames.at(-1);
    if (frame && key !== '') frame.entries.set(key, unquoted(word.slice(0, LONGEST).trim()));
    key = '';
    word = '';
    isKey = frame?.list !== true;
  };
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string;
    if (char === '"' || char === "'") {
      const end = text.indexOf(char, index + 1);
      word += text.slice(index, end === -1 ? text.length : end + 1);
      index = end === -1 ? text.length : end;
    } else if (char === '{' || char === '[') {
      if (frames.length === 0 && word.trim() !== '') return undefined;
      frames.push({ owner: key, list: char === '[', entries: new Map() });
      key = '';
      word = '';
      isKey = char === '{';
    } else if (frames.length > 0 && (char === '}' || char === ']')) {
      close();
      frames.pop();
    } else if (frames.length > 0 && char === ',') close();
    else if (frames.length > 0 && char === ':' && isKey && /^\s|^$/.test(text.slice(index + 1))) {
      key = unquoted(word.trim());
      word = '';
      isKey = false;
    } else word += char;
  }
  return frames.length === 0 ? undefined : { frames, key, isKey };
}

/** Fields that follow on the same line, in the same brackets. */
function entriesBehind(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const rest = /^[^{}[\]]*/.exec(text.slice(0, LONGEST))?.[0] ?? '';
  for (const [, key = '', value = ''] of rest.matchAll(/,\s*([\w-]+):\s+([^,]*)/g))
    found.set(key, unquoted(value.trim()));
  return found;
}

const OPEN = '$' + '{{';

/** The expression around the cursor: inside of `${{ }}`, or the value of a field that holds one. */
function expressionAt(
  lines: readonly Line[],
  at: number,
  text: string,
  offset: number,
  around: Around,
): Place['expression'] {
  const window = Math.max(0, offset - 4_000);
  const open = text.lastIndexOf(OPEN, offset - 1);
  if (open >= window && offset >= open + OPEN.length && !text.slice(open, offset).includes('}}')) {
    const inTwoTexts = /\n\s*(?:- +)?[\w-]+:(?:\s|$)/.test(text.slice(open, offset));
    if (!inTwoTexts) return { from: open + OPEN.length, to: endOfTemplate(text, offset) };
  }
  if (around.mode === 'value' && EXPRESSION_FIELDS.has(around.key) && isBareField(around.path)) {
    const line = lines[at];
    const end = line ? line.start + line.text.length : offset;
    const start = startOfValue(text, offset, around, line?.start ?? 0);
    return { from: start, to: around.flow ? endInFlow(text, offset, end) : end };
  }
  return undefined;
}

/** Data of the author may have fields of any name; they hold no bare expressions. */
function isBareField(path: readonly string[]): boolean {
  return !path.some((key) =>
    ['with', 'set', 'data', 'yield', 'carry', 'outputs', 'form', 'schema', 'inputs'].includes(key),
  );
}

function endOfTemplate(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const rest = text.slice(offset, newline === -1 ? text.length : newline);
  const close = rest.indexOf('}}');
  const next = rest.indexOf(OPEN);
  return close === -1 || (next !== -1 && next < close) ? offset : offset + close;
}

function startOfValue(text: string, offset: number, { key }: Around, lineStart: number): number {
  const colon = text.lastIndexOf(`${key}:`, offset);
  const from = colon === -1 || colon < lineStart ? offset : colon + key.length + 1;
  const space = /^\s*["']?/.exec(text.slice(from, offset))?.[0].length ?? 0;
  return from + space;
}

function endInFlow(text: string, offset: number, end: number): number {
  const rest = text.slice(offset, end);
  const stop = /[,}\]"']/.exec(rest);
  return stop ? offset + stop.index : end;
}

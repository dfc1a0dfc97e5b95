import { isDeepStrictEqual } from 'node:util';
import { type DocumentNode, type ListNode, type MapEntry, type MapNode, toJson } from '../document/node.ts';
import { parseDocument } from '../document/parse.ts';
import { errors } from '../errors.ts';
import { endOf } from '../outline/steps.ts';
import type { Editing } from './context.ts';
import { applyChanges, type TextChange } from './edit.ts';
import { commentsIn, type Gap, reindented } from './flow-text.ts';
import { changesOf, type LineSplice } from './lines.ts';

/** A text in which some lists and maps in brackets were written out on lines of their own. */
export interface Opened {
  readonly text: string;
  readonly changes: readonly TextChange[];
}

type Container = ListNode | MapNode;

/** What opening brackets needs. */
interface Opening {
  readonly editing: Editing;
  /** What is written out; everything else stays as it is written. */
  readonly opened: ReadonlySet<DocumentNode>;
}

/** One item of a list, or one entry of a map, on lines of its own. */
interface Piece {
  /** Comments that stand above it. */
  readonly above: readonly string[];
  /** Its lines, from the column on. */
  readonly lines: readonly string[];
  /** Comments that belong to it and do not fit behind it. */
  readonly below: readonly string[];
}

/**
 * Writes lists and maps in brackets out on lines of their own, and those around them; comments stay beside what they
 * are about. Says the same as before: that is checked. Undefined when there is nothing to be opened.
 *
 * @throws playbook.edit_fixed, playbook.edit_unsafe
 */
export function openBrackets(wanted: ReadonlySet<DocumentNode>, editing: Editing): Opened | undefined {
  const { root, document } = editing.read;
  const opened = new Set<DocumentNode>();
  if (!root || !mark(root, wanted, opened)) return undefined;
  const splices = splicesIn(root, { editing, opened });
  const changes = changesOf(editing.lines, splices);
  const text = applyChanges(document.source.text, changes);
  const { root: now, findings } = parseDocument(text);
  const same = now !== undefined && findings.length === 0 && isDeepStrictEqual(toJson(now), toJson(root));
  if (!same) throw errors.edit_unsafe({ reason: 'the brackets around the steps cannot be opened' });
  return { text, changes };
}

/** Gathers what is in brackets and wanted, or around something that is; answers whether there is any. */
function mark(node: DocumentNode, wanted: ReadonlySet<DocumentNode>, opened: Set<DocumentNode>): boolean {
  if (node.kind === 'scalar' || node.shared) return false;
  const inside = childrenOf(node).map((child) => mark(child, wanted, opened));
  if (!wanted.has(node) && !inside.includes(true)) return false;
  if (node.flow) opened.add(node);
  return opened.size > 0;
}

function childrenOf(node: Container): readonly DocumentNode[] {
  return node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
}

/** The splices of everything that is opened and stands on lines of its own. */
function splicesIn(node: DocumentNode, opening: Opening): readonly LineSplice[] {
  const { opened } = opening;
  if (node.kind === 'scalar') return [];
  if (opened.has(node)) return [rootSplice(node, opening)];
  if (node.kind === 'map') {
    return node.entries.flatMap((entry) => {
      const { value } = entry;
      return opened.has(value) && value.kind !== 'scalar'
        ? [entrySplice(entry, value, opening)]
        : splicesIn(value, opening);
    });
  }
  return node.items.flatMap((item, index) => {
    if (!opened.has(item) || item.kind === 'scalar') return splicesIn(item, opening);
    return [itemSplice(item, node.dashes[index] ?? 0, opening)];
  });
}

/** Puts lines in place of those from `first` (counted from 1) to the end of a node. */
function instead(first: number, node: Container, insert: readonly string[], { editing }: Opening): LineSplice {
  const last = editing.read.document.source.position(node.position.to - 1, node.position.to).line;
  return { at: first - 1, remove: last - first + 1, insert };
}

/** A whole document in brackets. */
function rootSplice(root: Container, opening: Opening): LineSplice {
  const note = behind(root, opening).trimStart();
  return instead(root.position.line, root, [...(note === '' ? [] : [note]), ...contentOf(root, 0, opening)], opening);
}

/** What stands behind the end of a node on its last line: a comment, or nothing. */
function behind(node: DocumentNode, { editing }: Opening): string {
  const { text } = editing.read.document.source;
  const newline = text.indexOf('\n', node.position.to);
  const rest = text.slice(endOf(node, editing.read.document.source), newline === -1 ? text.length : newline).trimEnd();
  if (rest !== '' && !/^\s+#/.test(rest)) throw errors.edit_fixed({ slot: 'in brackets' });
  return rest;
}

/** `then: [a, b]  # why` becomes `then:  # why` with the items below. */
function entrySplice({ keyPosition }: MapEntry, value: Container, opening: Opening): LineSplice {
  const { layout, lines, read } = opening.editing;
  const { source } = read.document;
  const colon = source.text.indexOf(':', keyPosition.to) + 1;
  const gap = commentsIn(source.text.slice(colon, value.position.from));
  const key = source.text.slice(lines.starts[keyPosition.line - 1], colon);
  const column = keyPosition.column - 1 + (value.kind === 'list' ? layout.list : layout.dash);
  const notes = [...gap.beside, ...gap.above].map((note) => `  ${note}`).join('');
  const head = [`${key}${notes}${behind(value, opening)}`, ...contentOf(value, column, opening)];
  return instead(keyPosition.line, value, head, opening);
}

/** `- { id: a }  # why` becomes `- id: a` with the comment above. */
function itemSplice(item: Container, dash: number, opening: Opening): LineSplice {
  const { layout, read } = opening.editing;
  const { source } = read.document;
  const place = source.position(dash, dash);
  const gap = commentsIn(source.text.slice(dash + 1, item.position.from));
  const onLine = item.position.line === place.line;
  const column = onLine ? item.position.column - 1 : place.column - 1 + layout.dash;
  const pad = ' '.repeat(place.column - 1);
  const note = behind(item, opening).trimStart();
  const above = [...gap.beside, ...gap.above, ...(note === '' ? [] : [note])].map((one) => pad + one);
  const lines = dashed(piecesOf(item, column, opening), pad, column);
  return instead(place.line, item, [...above, ...lines], opening);
}

/** The lines of a map behind a dash. */
function dashed([first, ...rest]: readonly Piece[], pad: string, column: number): readonly string[] {
  if (!first) throw errors.edit_fixed({ slot: 'in brackets' });
  const [line = '', ...more] = first.lines;
  const dash = `${pad}-${' '.repeat(column - pad.length - 1)}`;
  const above = first.above.map((note) => pad + note.trimStart());
  return [...above, dash + line.slice(column), ...more, ...first.below, ...flat(rest)];
}

function contentOf(node: Container, column: number, opening: Opening): readonly string[] {
  return flat(piecesOf(node, column, opening));
}

function flat(pieces: readonly Piece[]): readonly string[] {
  return pieces.flatMap(({ above, lines, below }) => [...above, ...lines, ...below]);
}

/** Everything in a container, with the comments between. */
function piecesOf(node: Container, column: number, opening: Opening): readonly Piece[] {
  const { source } = opening.editing.read.document;
  const parts =
    node.kind === 'list'
      ? node.items.map((item) => [item.position.from, item] as const)
      : node.entries.map((entry) => [entry.keyPosition.from, entry] as const);
  const ends = [
    node.position.from + 1,
    ...parts.map(([, part]) => endOf('key' in part ? valueEnd(part) : part, source)),
  ];
  const starts = [...parts.map(([from]) => from), node.position.to - 1];
  const gaps: readonly Gap[] = starts.map((start, index) => commentsIn(source.text.slice(ends[index], start)));
  const pad = ' '.repeat(column);
  const padded = (notes: readonly string[]): readonly string[] => notes.map((note) => pad + note);
  return parts.map(([, part], index) => {
    const before = gaps[index] ?? { beside: [], above: [] };
    const after = gaps[index + 1] ?? { beside: [], above: [] };
    const lines = 'key' in part ? entryLines(part, column, opening) : itemLines(part, column, opening);
    const whole = 'key' in part ? part.value : part;
    const single = !opening.opened.has(whole) && lines.length === 1;
    const last = index === parts.length - 1;
    return {
      above: padded(index === 0 ? [...before.beside, ...before.above] : before.above).concat(
        single ? [] : padded(after.beside),
      ),
      lines: single ? [[...lines, ...after.beside].join('  ')] : lines,
      below: last ? padded(after.above) : [],
    };
  });
}

/** The node at whose end an entry ends: its key where nothing stands behind it. */
function valueEnd({ value, keyPosition }: MapEntry): DocumentNode {
  const isEmpty = value.kind === 'scalar' && value.style === 'empty';
  return isEmpty ? { ...value, position: keyPosition } : value;
}

function itemLines(item: DocumentNode, column: number, opening: Opening): readonly string[] {
  const { layout, read } = opening.editing;
  const inner = column + layout.dash;
  const pad = ' '.repeat(column);
  if (opening.opened.has(item)) {
    if (item.kind !== 'map') throw errors.edit_fixed({ slot: 'in brackets' });
    return dashed(piecesOf(item, inner, opening), pad, inner);
  }
  const { source } = read.document;
  const [first = '', ...rest] = reindented(
    source.text.slice(item.position.from, endOf(item, source)),
    item.position,
    inner,
  );
  return [`${pad}-${' '.repeat(layout.dash - 1)}${first}`, ...rest];
}

function entryLines(entry: MapEntry, column: number, opening: Opening): readonly string[] {
  const { value, keyPosition } = entry;
  const { source } = opening.editing.read.document;
  const pad = ' '.repeat(column);
  const key = source.text.slice(keyPosition.from, keyPosition.to);
  const isEmpty = value.kind === 'scalar' && value.style === 'empty';
  if (isEmpty) return [`${pad}${key}:`];
  const gap = source.text.slice(keyPosition.to, value.position.from);
  if (opening.opened.has(value) && value.kind !== 'scalar') {
    const { layout } = opening.editing;
    const { beside, above } = commentsIn(gap.replace(':', ''));
    const inner = column + (value.kind === 'list' ? layout.list : layout.dash);
    return [[`${pad}${key}:`, ...beside, ...above].join('  '), ...contentOf(value, inner, opening)];
  }
  const text = source.text.slice(value.position.from, endOf(value, source));
  const written = /^\s*:\s*$/.test(gap) ? `${key}: ${text}` : `${key}${gap}${text}`;
  return reindented(written, keyPosition, column, 2).map((line, index) => (index === 0 ? pad + line : line));
}

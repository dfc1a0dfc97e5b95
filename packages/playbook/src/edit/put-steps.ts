import { type DocumentNode, entryOf, fieldOf, type MapNode } from '../document/node.ts';
import { errors } from '../errors.ts';
import type { OutlineSlot } from '../outline/outline.ts';
import { endOf, verbOf } from '../outline/steps.ts';
import type { Editing } from './context.ts';
import { unitAt } from './delete-step.ts';
import type { StepPlace, TextChange } from './edit.ts';
import { isBlank, type LineSplice } from './lines.ts';
import { behindComments, unitsOf, unitsOfList } from './units.ts';

/** Makes the lines of steps for a dash in this column. */
export type LinesFor = (column: number) => readonly string[];

/** What is put into a list. */
export interface Put {
  readonly lines: LinesFor;
  /** Blank lines that go with it; undefined: as the list has them. */
  readonly gap: readonly string[] | undefined;
}

/** What putting steps into a list changes. */
export interface Putting {
  readonly splices: readonly LineSplice[];
  readonly changes: readonly TextChange[];
}

/** The slot that a place names; undefined for one that is not in the outline. @throws playbook.edit_unknown_step */
export function slotOf({ step, slot }: StepPlace, editing: Editing): OutlineSlot | undefined {
  const { outline, steps } = editing.read;
  if (step === '') return outline.slots.find(({ name }) => name === slot);
  const owner = steps.get(step);
  if (!owner) throw errors.edit_unknown_step({ address: step });
  return owner.slots.find(({ name }) => name === slot);
}

/**
 * Puts steps where a place says.
 *
 * @throws playbook.edit_unknown_step, playbook.edit_unknown_place, playbook.edit_fixed
 */
export function putSteps(place: StepPlace, put: Put, editing: Editing): Putting {
  const slot = slotOf(place, editing);
  if (!slot) return { splices: [newPart(place, put, editing)], changes: [] };
  if (slot.fixed) throw errors.edit_fixed({ slot: slot.name });
  if (slot.steps.length > 0) return { splices: [amongOthers(slot, place.index, put, editing)], changes: [] };
  return slot.written ? intoEmpty(slot, put, editing) : { splices: [newSlot(place, slot, put, editing)], changes: [] };
}

function amongOthers(slot: OutlineSlot, wanted: number, put: Put, editing: Editing): LineSplice {
  const list = unitsOf(slot, editing);
  const { units, column } = list;
  const index = Math.min(wanted, slot.steps.length);
  const gap = put.gap ?? (isSpaced(units, index) ? [''] : []);
  const lines = put.lines(column);
  if (index === 0) {
    const first = unitAt(list, slot, 0, editing);
    return { at: first.head, remove: 0, insert: [...lines, ...gap] };
  }
  const before = unitAt(list, slot, index - 1, editing);
  return { at: before.end, remove: 0, insert: [...gap, ...lines] };
}

/** Whether blank lines stand between the items around a place. */
function isSpaced(units: readonly { readonly gap: number }[], index: number): boolean {
  if (units.length < 2) return false;
  const at = Math.max(1, Math.min(index, units.length - 1));
  return (units[at]?.gap ?? 0) > 0;
}

/** Into `then: []`, or behind `then:`. */
function intoEmpty(slot: OutlineSlot, put: Put, editing: Editing): Putting {
  const list = editing.read.lists.get(slot);
  const entry = entryOf(list?.holder, list?.key ?? '');
  if (!entry) throw errors.edit_fixed({ slot: slot.name });
  const { source } = editing.read.document;
  const { keyPosition, value } = entry;
  const lines = put.lines(keyPosition.column - 1 + editing.layout.list);
  const splice = { at: keyPosition.line, remove: 0, insert: lines };
  if (value.kind !== 'list') return { splices: [splice], changes: [] };
  if (value.position.line !== keyPosition.line) throw errors.edit_fixed({ slot: slot.name });
  const colon = source.text.indexOf(':', keyPosition.to) + 1;
  return { splices: [splice], changes: [{ from: colon, to: value.position.to, insert: '' }] };
}

/** Behind everything that a map says, for a field that it does not have yet. */
function behind(map: MapNode, editing: Editing): { readonly at: number; readonly column: number } {
  if (map.flow || map.shared) throw errors.edit_fixed({ slot: 'of a map in brackets' });
  const { source } = editing.read.document;
  const column = (map.entries[0]?.keyPosition.column ?? 1) - 1;
  const end = endOf(map, source);
  const line = source.position(end, end).line;
  return { at: column === 0 ? line : behindComments(line, column, editing.lines.lines), column };
}

function newSlot(place: StepPlace, slot: OutlineSlot, put: Put, editing: Editing): LineSplice {
  const list = editing.read.lists.get(slot);
  if (!list?.holder) return newPart(place, put, editing);
  return newKey(list.holder, list.key, put, editing, place.step === '');
}

function newKey(holder: MapNode, key: string, put: Put, editing: Editing, spaced: boolean): LineSplice {
  const { at, column } = behind(holder, editing);
  const { lines } = editing.lines;
  const last = holder.entries.at(-1)?.keyPosition.line ?? 1;
  const gap = spaced && isBlank(lines[last - 2] ?? 'x') ? [''] : [];
  const insert = [...gap, `${' '.repeat(column)}${key}:`, ...put.lines(column + editing.layout.list)];
  return { at, remove: 0, insert };
}

/** A case, a branch, a catch or an `elif` that is not there yet. */
function newPart(place: StepPlace, put: Put, editing: Editing): LineSplice {
  const node = place.step === '' ? undefined : editing.read.nodes.get(place.step);
  const unknown = () =>
    errors.edit_unknown_place({ slot: place.slot, owner: place.step === '' ? 'the document' : place.step });
  if (!node) throw unknown();
  const verb = verbOf(node);
  const [kind = '', name = ''] = split(place.slot);
  if (kind === 'case' && verb === 'switch') return newEntry(fieldOf(node, 'cases'), name, put, editing);
  if (kind === 'branch' && verb === 'parallel') return newEntry(fieldOf(node, 'parallel'), name, put, editing);
  const field = kind === 'catch' && verb === 'try' ? 'catch' : kind === 'elif' && verb === 'if' ? 'elif' : undefined;
  if (!field) throw unknown();
  const written = entryOf(node, field)?.value;
  const count = written?.kind === 'list' ? written.items.length : 0;
  if (name !== String(count)) throw unknown();
  return newItem(node, field, written, put, editing);
}

function split(slot: string): readonly string[] {
  const colon = slot.indexOf(':');
  return colon === -1 ? [slot] : [slot.slice(0, colon), slot.slice(colon + 1)];
}

function newEntry(map: DocumentNode | undefined, name: string, put: Put, editing: Editing): LineSplice {
  if (map?.kind !== 'map' || map.flow || name === '') throw errors.edit_fixed({ slot: name });
  const key = /^[A-Za-z0-9][\w.-]*$/.test(name) ? name : JSON.stringify(name);
  return newKey(map, key, put, editing, false);
}

function newItem(
  node: MapNode,
  field: 'catch' | 'elif',
  written: DocumentNode | undefined,
  put: Put,
  editing: Editing,
): LineSplice {
  const { layout } = editing;
  const item = (column: number): readonly string[] => {
    const inner = column + layout.dash;
    const dash = `${' '.repeat(column)}-${' '.repeat(layout.dash - 1)}`;
    const steps = put.lines(inner + layout.list);
    return field === 'catch' ? [`${dash}do:`, ...steps] : [`${dash}if: TODO`, `${' '.repeat(inner)}then:`, ...steps];
  };
  if (!written) return newKey(node, field, { ...put, lines: item }, editing, false);
  if (written.kind !== 'list') throw errors.edit_fixed({ slot: field });
  const { units, column } = unitsOfList(written, field, editing);
  const last = units.at(-1);
  if (!last) throw errors.edit_fixed({ slot: field });
  return { at: last.end, remove: 0, insert: item(column) };
}

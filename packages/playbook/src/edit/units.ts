import type { ListNode } from '../document/node.ts';
import { errors } from '../errors.ts';
import type { OutlineSlot } from '../outline/outline.ts';
import { endOf } from '../outline/steps.ts';
import type { Editing } from './context.ts';
import { indentOf, isBlank, isComment } from './lines.ts';

/** The lines of one item of a list: the comments right above it belong to it, and so do deeper ones right below. */
export interface Unit {
  /** Its first line, counted from 0. */
  readonly head: number;
  /** The line behind its last one. */
  readonly end: number;
  /** Blank lines right above it. */
  readonly gap: number;
  /** Whether there is nothing but these between it and the item before. */
  readonly close: boolean;
}

/** A list whose items stand on lines of their own. */
export interface UnitList {
  readonly units: readonly Unit[];
  /** Column of the dashes, counted from 0. */
  readonly column: number;
}

/** The items of a list, by their lines. @throws playbook.edit_fixed */
export function unitsOf(slot: OutlineSlot, editing: Editing): UnitList {
  const list = editing.read.lists.get(slot)?.value;
  if (slot.fixed || list?.kind !== 'list') throw errors.edit_fixed({ slot: slot.name });
  return unitsOfList(list, slot.name, editing);
}

/** As {@link unitsOf}, of any block list. @throws playbook.edit_fixed */
export function unitsOfList(list: ListNode, name: string, editing: Editing): UnitList {
  const { source } = editing.read.document;
  const { lines } = editing.lines;
  const places = list.dashes.map((dash) => source.position(dash, dash));
  const column = (places[0]?.column ?? 1) - 1;
  const alone = places.every(
    (place) => place.column - 1 === column && indentOf(lines[place.line - 1] ?? '') === column,
  );
  if (list.flow || list.shared || list.dashes.length !== list.items.length || !alone) {
    throw errors.edit_fixed({ slot: name });
  }
  const units: Unit[] = [];
  list.items.forEach((item, index) => {
    const dash = (places[index]?.line ?? 1) - 1;
    const floor = units.at(-1)?.end ?? 0;
    let head = dash;
    while (head > floor && isComment(lines[head - 1] ?? '') && indentOf(lines[head - 1] ?? '') <= column) head -= 1;
    let gap = 0;
    while (head - gap > floor && isBlank(lines[head - gap - 1] ?? '')) gap += 1;
    const last = Math.max(endOf(item, source), list.dashes[index] ?? 0);
    const end = behindComments(source.position(last, last).line, column + 1, lines);
    units.push({ head, end, gap, close: head - gap === floor });
  });
  return { units, column };
}

/** The first line from `from` on that is no comment of at least this depth. */
export function behindComments(from: number, depth: number, lines: readonly string[]): number {
  let end = from;
  while (end < lines.length && isComment(lines[end] ?? '') && indentOf(lines[end] ?? '') >= depth) end += 1;
  return end;
}

/** Lines moved to the right, or to the left. @throws playbook.edit_unsafe */
export function shifted(lines: readonly string[], by: number, column: number): readonly string[] {
  if (by === 0) return lines;
  return lines.map((line) => {
    const indent = indentOf(line);
    // Comments left of the list stay where they are.
    if (isBlank(line) || (indent < column && isComment(line))) return line;
    if (by > 0) return ' '.repeat(by) + line;
    if (indent < -by) throw errors.edit_unsafe({ reason: 'a line begins left of its step' });
    return line.slice(-by);
  });
}

import { entryOf } from '../document/node.ts';
import { errors } from '../errors.ts';
import type { OutlineSlot } from '../outline/outline.ts';
import type { Editing, FoundStep } from './context.ts';
import type { TextChange } from './edit.ts';
import { isBlank, type LineSplice } from './lines.ts';
import { behindComments, type Unit, type UnitList, unitsOf } from './units.ts';

/** What leaves a list with a step: its lines, the blank lines that go with them, and what stands in for the last one. */
export interface Removal {
  readonly splices: readonly LineSplice[];
  readonly changes: readonly TextChange[];
  /** The lines of the step with its comments. */
  readonly lines: readonly string[];
  /** Blank lines that go with it. */
  readonly gap: readonly string[];
  /** Column of its dash. */
  readonly column: number;
}

/** Takes a step out of its list. @throws playbook.edit_fixed */
export function removeStep({ slot, index }: FoundStep, editing: Editing): Removal {
  const list = unitsOf(slot, editing);
  const unit = unitAt(list, slot, index, editing);
  const { lines } = editing.lines;
  const own = lines.slice(unit.head, unit.end);
  const at = list.units.indexOf(unit);
  if (list.units.length === 1) {
    return { ...emptied(slot, unit, editing), lines: own, gap: [], column: list.column };
  }
  const [head, end] = at > 0 ? [unit.head - unit.gap, unit.end] : [unit.head, unit.end + gapBelow(list)];
  const gap = at > 0 ? lines.slice(head, unit.head) : lines.slice(unit.end, end);
  return { splices: [{ at: head, remove: end - head, insert: [] }], changes: [], lines: own, gap, column: list.column };
}

/** Blank lines between the first item and the second. */
function gapBelow({ units }: UnitList): number {
  const second = units[1];
  return second?.close ? second.gap : 0;
}

/** The unit of a step: items that are no steps count too. */
export function unitAt({ units }: UnitList, slot: OutlineSlot, index: number, editing: Editing): Unit {
  const list = editing.read.lists.get(slot)?.value;
  const step = slot.steps[index];
  const node = step && editing.read.nodes.get(step.address);
  const at = list?.kind === 'list' && node ? list.items.indexOf(node) : -1;
  const unit = units[at];
  if (!unit) throw errors.edit_fixed({ slot: slot.name });
  return unit;
}

/** What stays of a list whose last step leaves: nothing where it may be left out, else `[]`. */
function emptied(slot: OutlineSlot, unit: Unit, editing: Editing): Pick<Removal, 'splices' | 'changes'> {
  const list = editing.read.lists.get(slot);
  const entry = entryOf(list?.holder, list?.key ?? '');
  if (!list?.holder || !entry) throw errors.edit_fixed({ slot: slot.name });
  const { document } = editing.read;
  const { lines } = editing.lines;
  const keyLine = entry.keyPosition.line - 1;
  const alone = list.holder.entries[0] !== entry && !list.needed;
  if (alone) {
    let top = keyLine;
    while (top > 0 && isBlank(lines[top - 1] ?? '')) top -= 1;
    const atEnd = behindComments(unit.end, 0, lines) === unit.end && lines.slice(unit.end).every(isBlank);
    // Between blank lines one of the two goes as well.
    const from = atEnd || isBlank(lines[unit.end] ?? '') ? top : keyLine;
    return { splices: [{ at: from, remove: unit.end - from, insert: [] }], changes: [] };
  }
  const colon = document.source.text.indexOf(':', entry.keyPosition.to) + 1;
  return {
    splices: [{ at: unit.head, remove: unit.end - unit.head, insert: [] }],
    changes: [{ from: colon, to: colon, insert: ' []' }],
  };
}

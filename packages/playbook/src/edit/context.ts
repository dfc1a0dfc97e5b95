import { errors } from '../errors.ts';
import type { OutlineSlot, OutlineStep } from '../outline/outline.ts';
import { type OutlineNames, type ReadOutline, readOutline } from '../outline/outline-document.ts';
import { type Lines, splitLines } from './lines.ts';

/** How a document is laid out, as far as its own lines show it. */
export interface Layout {
  /** Columns from the key of a list to its dashes. */
  readonly list: number;
  /** Columns from a dash to what it stands before. */
  readonly dash: number;
}

/** A text that is being edited. */
export interface Editing {
  readonly read: ReadOutline;
  readonly lines: Lines;
  readonly layout: Layout;
  /** Address -> where the step stands. */
  readonly places: ReadonlyMap<string, FoundStep>;
  /** Ids of all steps. */
  readonly ids: ReadonlySet<string>;
}

/** A step with the list that it stands in. */
export interface FoundStep {
  readonly step: OutlineStep;
  readonly slot: OutlineSlot;
  readonly index: number;
  /** Address of the step that the list belongs to; empty: the document. */
  readonly owner: string;
}

/** Begins to edit a text. @throws playbook.edit_unreadable */
export function beginEdit(text: string, names?: OutlineNames): Editing {
  const read = readOutline(text, names);
  const fatal = read.outline.findings.find(({ severity }) => severity === 'error');
  if (fatal) {
    const reason = `line ${fatal.position.line}: ${fatal.message.replace(/\.$/, '')}`;
    throw errors.edit_unreadable({ reason }, { details: { line: fatal.position.line, code: fatal.code } });
  }
  if (!read.root) throw errors.edit_unreadable({ reason: 'it is not a map' });
  const places = new Map<string, FoundStep>();
  gather(read.outline.slots, '', places);
  const ids = new Set([...read.steps.values()].map(({ name }) => name));
  return { read, lines: splitLines(text), layout: layoutOf(read), places, ids };
}

function gather(slots: readonly OutlineSlot[], owner: string, places: Map<string, FoundStep>): void {
  for (const slot of slots) {
    slot.steps.forEach((step, index) => {
      if (!places.has(step.address)) places.set(step.address, { step, slot, index, owner });
      gather(step.slots, step.address, places);
    });
  }
}

/** @throws playbook.edit_unknown_step */
export function stepOf(editing: Editing, address: string): FoundStep {
  const found = editing.places.get(address);
  if (!found) throw errors.edit_unknown_step({ address });
  return found;
}

const DEFAULT: Layout = { list: 2, dash: 2 };

function layoutOf({ lists, document: { source } }: ReadOutline): Layout {
  const column = (offset: number): number => source.position(offset, offset).column;
  for (const { value, holder, key } of lists.values()) {
    if (value?.kind !== 'list' || value.shared) continue;
    const [dash] = value.dashes;
    const [item] = value.items;
    const entry = holder?.entries.find((one) => one.key === key);
    if (dash === undefined || item?.kind !== 'map' || !entry) continue;
    const onOneLine = source.position(dash, dash).line === item.position.line;
    return {
      list: Math.max(0, column(dash) - entry.keyPosition.column),
      dash: onOneLine ? item.position.column - column(dash) : DEFAULT.dash,
    };
  }
  return DEFAULT;
}

/** The name itself, or with the first number behind it that makes it free. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.slice(0, 58);
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`;
}

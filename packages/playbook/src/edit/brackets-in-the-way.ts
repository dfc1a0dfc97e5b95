import { type DocumentNode, fieldOf } from '../document/node.ts';
import type { OutlineSlot } from '../outline/outline.ts';
import { stepsOf } from '../outline/steps.ts';
import { beginEdit, type Editing, stepOf } from './context.ts';
import type { PlaybookEdit, StepPlace } from './edit.ts';
import { type Opened, openBrackets } from './open-brackets.ts';
import { slotOf } from './put-steps.ts';
import type { SkeletonNames } from './skeleton.ts';

/** An edit with the text that it can be made in, line by line. */
export interface ReadyEdit {
  readonly edit: PlaybookEdit;
  readonly editing: Editing;
  /** How that text differs from the one that is edited; undefined: not at all. */
  readonly opened: Opened | undefined;
}

/**
 * Opens the brackets that stand in the way of an edit: only those around the steps that it is about.
 *
 * @throws playbook.edit_unknown_step, playbook.edit_fixed, playbook.edit_unsafe
 */
export function readyEdit(edit: PlaybookEdit, editing: Editing, names: SkeletonNames): ReadyEdit {
  const nodes = new Set(nodesOf(edit, editing).filter((node) => node !== undefined));
  const opened = openBrackets(new Set([...nodes].filter(isOpened)), editing);
  if (!opened) return { edit, editing, opened };
  const ready = beginEdit(opened.text, names);
  // Addresses of steps without an id of their own tell lines.
  const now = [...stepsOf(ready.read.outline.slots)].map(({ address }) => address);
  const moved = new Map(
    [...stepsOf(editing.read.outline.slots)].map(({ address }, at) => [address, now[at] ?? address]),
  );
  return { edit: readdressed(edit, (address) => moved.get(address) ?? address), editing: ready, opened };
}

/** An empty list can be filled as it is. */
function isOpened(node: DocumentNode): boolean {
  return node.kind === 'map' ? node.flow : node.kind === 'list' && node.flow && node.items.length > 0;
}

function nodesOf(edit: PlaybookEdit, editing: Editing): readonly (DocumentNode | undefined)[] {
  const around = (address: string) => nodesOfSlot(stepOf(editing, address).slot, editing);
  switch (edit.op) {
    case 'add':
      return nodesAt(edit.at, editing);
    case 'duplicate':
      return around(edit.address);
    case 'move':
      return [...around(edit.address), ...nodesAt(edit.to, editing)];
    case 'delete':
    case 'wrap':
      return edit.addresses.flatMap(around);
    default:
      return [];
  }
}

function nodesOfSlot(slot: OutlineSlot, { read }: Editing): readonly (DocumentNode | undefined)[] {
  const list = read.lists.get(slot);
  return [list?.holder, list?.value];
}

/** Also for a list that is not written yet: what it will stand in. */
function nodesAt(place: StepPlace, editing: Editing): readonly (DocumentNode | undefined)[] {
  const slot = slotOf(place, editing);
  if (slot && editing.read.lists.get(slot)?.holder) return nodesOfSlot(slot, editing);
  const owner = editing.read.nodes.get(place.step);
  return [owner, ...['cases', 'parallel', 'catch', 'elif'].map((field) => fieldOf(owner, field))];
}

function readdressed(edit: PlaybookEdit, now: (address: string) => string): PlaybookEdit {
  const at = (place: StepPlace): StepPlace => ({ ...place, step: now(place.step) });
  switch (edit.op) {
    case 'add':
      return { ...edit, at: at(edit.at) };
    case 'move':
      return { ...edit, address: now(edit.address), to: at(edit.to) };
    case 'delete':
    case 'wrap':
      return { ...edit, addresses: edit.addresses.map(now) };
    case 'set_title':
      return edit;
    default:
      return { ...edit, address: now(edit.address) };
  }
}

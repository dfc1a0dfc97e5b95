import { errors } from '../errors.ts';
import { readOutline } from '../outline/outline-document.ts';
import { stepsOf } from '../outline/steps.ts';
import { addUse } from './add-use.ts';
import { readyEdit } from './brackets-in-the-way.ts';
import { remarksOn } from './branches.ts';
import { composeChanges } from './compose-changes.ts';
import { beginEdit, type Editing, freeName, stepOf } from './context.ts';
import { removeStep, unitAt } from './delete-step.ts';
import { applyChanges, type EditResult, type PlaybookEdit, type StepPlace, type TextChange } from './edit.ts';
import { changesOf, type LineSplice, splitLines } from './lines.ts';
import { putSteps } from './put-steps.ts';
import { copyNames, demandName, renameStep, replaced } from './rename-step.ts';
import { setTitle } from './set-title.ts';
import { copyOf, listIn, type Shape, type ShapeStep, sameShape, shapeOf, stepAtShape } from './shape.ts';
import { type SkeletonNames, skeletonOf, stepLines } from './skeleton.ts';
import { shifted, unitsOf } from './units.ts';
import { wrapSteps } from './wrap-steps.ts';

/** What an edit wants to change, before it is known to be safe. */
interface Wish {
  readonly splices: readonly LineSplice[];
  readonly changes: readonly TextChange[];
  /** Sentences for people. */
  readonly remarks?: readonly string[] | undefined;
  /** Changes the structure to what it is to be; gives the step to select. */
  readonly expect: (shape: Shape) => ShapeStep | undefined;
}

/**
 * Says what a structural edit changes in a text. Lines that it does not concern stay byte for byte: comments, blank
 * lines, quoting and line breaks. Only brackets around the steps that it is about are opened. The result is read again, and refused unless it has exactly the structure that was
 * meant, so that an edit that cannot be done safely damages nothing.
 *
 * @throws playbook.edit_unreadable, playbook.edit_unknown_step, playbook.edit_unknown_place, playbook.edit_fixed,
 * playbook.edit_not_siblings, playbook.edit_into_itself, playbook.edit_name_invalid, playbook.edit_name_taken,
 * playbook.edit_kind_unknown, playbook.edit_unclear, playbook.edit_unsafe
 */
export function editPlaybook(text: string, edit: PlaybookEdit, names: SkeletonNames): EditResult {
  return edit.op === 'delete' && edit.addresses.length > 1
    ? deleteAll(text, edit.addresses, names)
    : editOnce(text, edit, names);
}

/** Deletes one after the other, the last one of the document first, so that the others stay where they are. */
function deleteAll(text: string, addresses: readonly string[], names: SkeletonNames): EditResult {
  const inOrder = (source: string) =>
    [...stepsOf(readOutline(source, names).outline.slots)].map(({ address }) => address);
  const all = inOrder(text);
  const unknown = addresses.find((address) => !all.includes(address));
  if (unknown !== undefined) throw errors.edit_unknown_step({ address: unknown });
  let result: EditResult = { changes: [], text, select: undefined, remarks: [] };
  for (let at = all.length - 1; at >= 0; at--) {
    if (!addresses.includes(all[at] ?? '')) continue;
    const { changes, ...next } = editOnce(
      result.text,
      { op: 'delete', addresses: [inOrder(result.text)[at] ?? ''] },
      names,
    );
    const remarks = [...new Set([...result.remarks, ...next.remarks])];
    result = { ...next, remarks, changes: composeChanges(text.length, result.changes, changes) };
  }
  return result;
}

function editOnce(text: string, edit: PlaybookEdit, names: SkeletonNames): EditResult {
  const { opened, ...ready } = readyEdit(edit, beginEdit(text, names), names);
  const result = editLines(ready.edit, ready.editing, names);
  if (!opened) return result;
  return {
    ...result,
    changes: composeChanges(text.length, opened.changes, result.changes),
    remarks: [OPENED, ...result.remarks],
  };
}

const OPENED = 'What was written in brackets there has lines of its own now, so that it could be changed.';

function editLines(edit: PlaybookEdit, editing: Editing, names: SkeletonNames): EditResult {
  const { text } = editing.lines;
  const wish = wishOf(edit, editing, names);
  const changes = [...changesOf(editing.lines, wish.splices), ...wish.changes].sort(
    (a, b) => a.from - b.from || a.to - b.to,
  );
  const result = applyChanges(text, changes);
  const shape = shapeOf(editing.read.outline.slots);
  const selected = wish.expect(shape);
  const { outline } = readOutline(result, names);
  const fault = outline.findings.find(({ severity }) => severity === 'error');
  if (fault) throw errors.edit_unsafe({ reason: fault.message.replace(/\.$/, '') });
  if (!sameShape(shape.slots, shapeOf(outline.slots).slots)) {
    throw errors.edit_unsafe({ reason: 'the steps would not stand as they should' });
  }
  const step = selected && stepAtShape(selected, shape.slots, outline.slots);
  return { changes, text: result, select: step?.address, remarks: wish.remarks ?? [] };
}

function wishOf(edit: PlaybookEdit, editing: Editing, names: SkeletonNames): Wish {
  switch (edit.op) {
    case 'add':
      return addWish(edit, editing, names);
    case 'delete':
      return deleteWish(edit.addresses[0] ?? '', editing);
    case 'move':
      return moveWish(edit.address, edit.to, editing);
    case 'rename':
      return {
        splices: [],
        changes: renameStep(edit.address, edit.name, editing),
        expect: ({ steps }) => {
          const step = steps.get(edit.address);
          if (step) step.name = edit.name;
          return step;
        },
      };
    case 'wrap':
      return wrapWish(edit, editing);
    case 'duplicate':
      return duplicateWish(edit.address, editing);
    case 'set_title':
      return { splices: [], changes: setTitle(edit.title, editing), expect: () => undefined };
  }
}

function ownerSlots({ slots, steps }: Shape, step: string): Shape['slots'] {
  return step === '' ? slots : (steps.get(step)?.slots ?? new Map());
}

function addWish({ at, step }: Extract<PlaybookEdit, { op: 'add' }>, editing: Editing, names: SkeletonNames): Wish {
  const { layout, read, ids } = editing;
  if (step.name !== undefined) demandName(step.name, editing);
  const skeleton = skeletonOf(step, read.outline.uses, names);
  const name = step.name ?? freeName(skeleton.name.replace(/\W/g, '_').toLowerCase(), ids);
  const lines = (column: number) => stepLines(name, skeleton.fields, column, layout.dash);
  const put = putSteps(at, { lines, gap: undefined }, editing);
  const use = skeleton.use && addUse(skeleton.use.alias, skeleton.use.name, editing);
  return {
    splices: [...put.splices, ...(use?.splices ?? [])],
    changes: [...put.changes, ...(use?.changes ?? [])],
    expect(shape) {
      const added: ShapeStep = { name, kind: step.kind, slots: new Map() };
      const list = listIn(ownerSlots(shape, at.step), at.slot);
      list.splice(Math.min(at.index, list.length), 0, added);
      return added;
    },
  };
}

function deleteWish(address: string, editing: Editing): Wish {
  const found = stepOf(editing, address);
  const { splices, changes } = removeStep(found, editing);
  return {
    splices,
    changes,
    expect(shape) {
      const list = listIn(ownerSlots(shape, found.owner), found.slot.name);
      list.splice(found.index, 1);
      // What comes next, else what came before, else the block around it.
      return list[found.index] ?? list[found.index - 1] ?? shape.steps.get(found.owner);
    },
  };
}

function moveWish(address: string, to: StepPlace, editing: Editing): Wish {
  const found = stepOf(editing, address);
  if (to.step === address || [...stepsOf(found.step.slots)].some((inner) => inner.address === to.step)) {
    throw errors.edit_into_itself({ address });
  }
  const sameList = to.step === found.owner && to.slot === found.slot.name;
  if (sameList && (to.index === found.index || to.index === found.index + 1)) {
    return { splices: [], changes: [], expect: ({ steps }) => steps.get(address) };
  }
  const removal = removeStep(found, editing);
  const lines = (column: number) => shifted(removal.lines, column - removal.column, removal.column);
  const put = putSteps(to, { lines, gap: sameList ? removal.gap : undefined }, editing);
  return {
    splices: [...removal.splices, ...put.splices],
    changes: [...removal.changes, ...put.changes],
    expect(shape) {
      const [step] = listIn(ownerSlots(shape, found.owner), found.slot.name).splice(found.index, 1);
      if (!step) return undefined;
      const list = listIn(ownerSlots(shape, to.step), to.slot);
      const index = sameList && to.index > found.index ? to.index - 1 : to.index;
      list.splice(Math.min(index, list.length), 0, step);
      return step;
    },
  };
}

function wrapWish(edit: Extract<PlaybookEdit, { op: 'wrap' }>, editing: Editing): Wish {
  const { splices, name, steps, branches, handler } = wrapSteps(edit.addresses, edit.in, edit.name, editing);
  return {
    splices,
    changes: [],
    remarks: edit.in === 'parallel' ? remarksOn(branches) : [],
    expect(shape) {
      const [first] = steps;
      if (!first) return undefined;
      const list = listIn(ownerSlots(shape, first.owner), first.slot.name);
      const inside = list.slice(first.index, first.index + steps.length);
      const slots: Shape['slots'] = new Map();
      if (edit.in === 'parallel') {
        for (const { name: branch, steps: own } of branches) {
          slots.set(
            `branch:${branch}`,
            own.flatMap(({ index }) => inside[index - first.index] ?? []),
          );
        }
      } else slots.set({ if: 'then', foreach: 'do', while: 'do', try: 'try' }[edit.in], inside);
      if (handler !== undefined) slots.set('catch:0', [{ name: handler, kind: 'fail', slots: new Map() }]);
      const block: ShapeStep = { name, kind: edit.in, slots };
      list.splice(first.index, steps.length, block);
      return block;
    },
  };
}

function duplicateWish(address: string, editing: Editing): Wish {
  const found = stepOf(editing, address);
  const { step, slot, index } = found;
  const list = unitsOf(slot, editing);
  const unit = unitAt(list, slot, index, editing);
  const { text, starts } = editing.lines;
  const from = starts[unit.head] ?? 0;
  const to = starts[unit.end] ?? text.length;
  const inside = [step, ...stepsOf(step.slots)].map(({ name }) => name).filter((name) => name !== '');
  const names = copyNames(inside, editing);
  const renames = replaced(names, editing, { from, to });
  const own = renames.map((change) => ({ ...change, from: change.from - from, to: change.to - from }));
  const { lines } = splitLines(applyChanges(text.slice(from, to), own));
  const place: StepPlace = { step: found.owner, slot: slot.name, index: index + 1 };
  const put = putSteps(place, { lines: () => lines, gap: undefined }, editing);
  return {
    ...put,
    expect(shape) {
      const siblings = listIn(ownerSlots(shape, found.owner), slot.name);
      const original = siblings[index];
      const copy = original && copyOf(original, names);
      if (copy) siblings.splice(index + 1, 0, copy);
      return copy;
    },
  };
}

import { ChangeSet, type EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import type { Outline } from '../../../canvas/model.ts';
import { indexSteps } from '../../../canvas/steps-index.ts';
import { stepAt } from './step-at.ts';

/** What the server read out of the text, and how the text has changed since. */
interface Known {
  readonly outline: Outline | undefined;
  readonly since: ChangeSet;
}

const tellOutline = StateEffect.define<Outline>();
const tellSelected = StateEffect.define<string>();

const known = StateField.define<Known>({
  create: (state) => ({ outline: undefined, since: ChangeSet.empty(state.doc.length) }),
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(tellOutline)) return { outline: effect.value, since: ChangeSet.empty(transaction.newDoc.length) };
    }
    return transaction.docChanged ? { ...value, since: value.since.compose(transaction.changes) } : value;
  },
});

const selected = StateField.define<string>({
  create: () => '',
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(tellSelected)) return effect.value;
    return value;
  },
});

const line = Decoration.line({ class: 'cp-step-line' });

/** Marks the lines of the selected step. */
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    const { effects, state, docChanged } = transaction;
    if (effects.some((effect) => effect.is(tellSelected) || effect.is(tellOutline))) return markLines(state);
    return docChanged ? value.map(transaction.changes) : value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function markLines(state: EditorState): DecorationSet {
  const range = rangeOf(state, state.field(selected));
  if (!range) return Decoration.none;
  const from = state.doc.lineAt(range.from).number;
  const to = state.doc.lineAt(range.to).number;
  const lines = Array.from({ length: to - from + 1 }, (_, at) => line.range(state.doc.line(from + at).from));
  return Decoration.set(lines);
}

/** Keeps the outline in step with the text: places of steps in a text that has changed since it was read. */
export const outlineField: Extension = [known, selected, marked];

/** Tells the editor what was read out of its present text. */
export function outlineEffect(outline: Outline): StateEffect<Outline> {
  return tellOutline.of(outline);
}

/** Tells the editor which step is selected. */
export function selectedEffect(address: string): StateEffect<string> {
  return tellSelected.of(address);
}

/** Where a step stands in the present text; undefined when it is not there. */
export function rangeOf(
  state: EditorState,
  address: string,
): { readonly from: number; readonly to: number } | undefined {
  const { outline, since } = state.field(known);
  const step = outline && indexSteps(outline).get(address)?.self;
  return step && { from: since.mapPos(step.from, 1), to: since.mapPos(step.to, -1) };
}

/** Address of the step at a place of the present text; empty outside of steps. */
export function addressAt(state: EditorState, offset: number): string {
  const { outline, since } = state.field(known);
  if (!outline) return '';
  return stepAt(outline, since.invertedDesc.mapPos(offset, -1))?.address ?? '';
}

import { redo, undo } from '@codemirror/commands';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { type ChangeSpec, EditorState, Transaction } from '@codemirror/state';
import { EditorView, type ViewUpdate } from '@codemirror/view';
import { isCounterpointError } from '@counterpoint/core';
import type { CallArguments, CallResult } from '@counterpoint/sdk';
import { client } from '../../../app/client.ts';
import { plainText } from '../../../ui/untrusted-text.ts';
import { changedText } from './changed-text.ts';
import { playbookText } from './extensions.ts';
import { createLatest, type Latest } from './latest.ts';
import { addressAt, outlineEffect, rangeOf, selectedEffect } from './outline-field.ts';
import { createStore, type Store } from './store.ts';
import type { ListedTest } from './test-follower.ts';
import { knownTests, madeOfTests, type TestStep, testSteps, testsEffect, wayBack } from './test-steps.ts';

/** What the server reads out of the text. */
export type FullOutline = CallResult<'outlinePlaybook'>;
/** One structural edit. */
export type Edit = CallArguments<'editPlaybook'>['body']['edit'];

/** What of the editor is shown around it. Changes when something of it does, not with every letter. */
export interface EditorSnapshot {
  /** The last outline that could be read; undefined before the first. */
  readonly outline: FullOutline | undefined;
  /** What the checker says about the text as it was last read. */
  readonly findings: FullOutline['findings'];
  /** Whether the text as it is can be drawn; else the canvas shows how it was before. */
  readonly readable: boolean;
  /** Why the text could not be looked at. */
  readonly error: unknown;
  readonly selected: string;
}

/** A playbook being edited: its text, what is read out of it, and the step that is selected in both. */
export interface EditorModel {
  readonly view: EditorView;
  snapshot(): EditorSnapshot;
  subscribe(listener: () => void): () => void;
  text(): string;
  /** The text of one step; undefined when there is none. */
  textOf(address: string): string | undefined;
  /**
   * Replaces the whole text, as one change that can be undone; lines that stay are not touched.
   *
   * @param stays what stays of what the text made of its tests; the rest is taken back. Default: all of it stays.
   */
  replace(text: string, stays?: readonly TestStep[]): void;
  /** What the text has made of its tests since it was published last. */
  madeOfTests(): readonly TestStep[];
  /** Says what was made of the tests until now. */
  knowTests(steps: readonly TestStep[]): void;
  /** Selects a step and shows where it stands in the text. */
  select(address: string): void;
  /**
   * Makes a structural edit, as one change that can be undone: of the text, and of those of its tests that follow.
   * Gives what people should know of it, in sentences.
   *
   * @throws what the server answers
   */
  perform(edit: Edit, tests?: readonly ListedTest[]): Promise<readonly string[]>;
  /** Has the text checked again, after that failed. */
  lookAgain(): void;
  undo(): void;
  redo(): void;
  /** Puts the cursor to a place of the text. */
  goTo(offset: number): void;
  focus(): void;
  destroy(): void;
}

/** How an editor begins. */
export interface EditorOptions {
  readonly source: string;
  /** What the text has made of its tests before. */
  readonly tests: readonly TestStep[];
  readonly selected: string;
  readonly readOnly: boolean;
  readonly onText: (text: string) => void;
  /** What a change of the text, its undoing or its redoing makes of tests. */
  readonly onTests: (steps: readonly TestStep[]) => void;
  /** Escape was pressed in the text. */
  readonly onLeave: () => void;
}

/** Milliseconds without a key before the text is looked at; a long text is looked at less eagerly. */
const LOOK_WAIT = 220;
const LONGEST_WAIT = 700;

function lookWait(text: string): number {
  return Math.min(LONGEST_WAIT, LOOK_WAIT + text.length / 100);
}

/** What the parts of an editor share. */
interface Inner {
  readonly view: EditorView;
  readonly store: Store<EditorSnapshot>;
  /** A step that is to be selected as soon as an outline has it; empty: none. */
  wanted: string;
}

/** Makes an {@link EditorModel}; its view is to be put into the page. */
export function createEditorModel(options: EditorOptions): EditorModel {
  const store = createStore<EditorSnapshot>({
    outline: undefined,
    findings: [],
    readable: true,
    error: undefined,
    selected: options.selected,
  });
  const listener = EditorView.updateListener.of((update) => onUpdate(inner, look, options, update));
  const extensions = [playbookText(options), testSteps(options.tests), listener];
  const view = new EditorView({ state: EditorState.create({ doc: options.source, extensions }) });
  const inner: Inner = { view, store, wanted: options.selected };
  const look = createLatest<string, FullOutline>({
    wait: lookWait,
    ask: (source) => client.outlinePlaybook({ body: { source } }),
    onAnswer: (outline, source) => source === view.state.doc.toString() && take(inner, outline),
    onError: (error) => store.change({ error }),
    worthAgain: (error) => isCounterpointError(error) && error.retryable,
  });
  look.now(options.source);
  return {
    view,
    snapshot: store.get,
    subscribe: store.subscribe,
    text: () => view.state.doc.toString(),
    textOf(address) {
      const range = rangeOf(view.state, address);
      return range && view.state.sliceDoc(range.from, range.to);
    },
    replace(text, stays) {
      const changes = smallestChange(view.state.doc.toString(), text);
      const effects = stays ? [testsEffect.of(wayBack(view.state, stays))] : [];
      view.dispatch({ changes, effects, userEvent: 'input.structure' });
    },
    madeOfTests: () => madeOfTests(view.state),
    knowTests: (steps) => view.dispatch({ effects: knownTests.of(steps) }),
    select: (address) => (address === '' ? follow(inner, '') : show(inner, address)),
    perform: (edit, tests = []) => perform(inner, edit, tests),
    lookAgain: () => look.now(view.state.doc.toString()),
    undo: () => void undo(view),
    redo: () => void redo(view),
    goTo(offset) {
      const anchor = Math.min(offset, view.state.doc.length);
      view.focus();
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    },
    focus: () => view.focus(),
    destroy() {
      look.stop();
      view.destroy();
    },
  };
}

function onUpdate(inner: Inner, look: Latest<string>, options: EditorOptions, update: ViewUpdate): void {
  for (const { effects } of update.transactions) {
    for (const effect of effects) if (effect.is(testsEffect)) options.onTests(effect.value);
  }
  const made = (by: string) => update.transactions.some((one) => one.isUserEvent(by));
  if (update.docChanged) {
    const text = update.state.doc.toString();
    options.onText(text);
    // What was done on the canvas is seen there at once; what is typed, when the typing pauses.
    if (made('input.structure') || made('undo') || made('redo')) look.now(text);
    else look.soon(text);
  }
  const moved = (update.selectionSet || update.docChanged) && update.view.hasFocus && !made('select.canvas');
  if (moved) queueMicrotask(() => follow(inner, addressAt(inner.view.state, inner.view.state.selection.main.head)));
}

/** Takes over what was read out of the text. */
function take(inner: Inner, outline: FullOutline): void {
  const { view, store } = inner;
  view.dispatch(setDiagnostics(view.state, outline.findings.map(asDiagnostic)));
  const { findings, readable } = outline;
  store.change({ findings, readable, error: undefined, ...(readable ? { outline } : {}) });
  if (!readable) return;
  const select = inner.wanted;
  inner.wanted = '';
  view.dispatch({ effects: [outlineEffect(outline), selectedEffect(select || store.get().selected)] });
  if (select !== '') show(inner, select);
}

/** Selects the step that the cursor is in. */
function follow({ view, store }: Inner, address: string): void {
  if (address === store.get().selected) return;
  store.change({ selected: address });
  view.dispatch({ effects: selectedEffect(address) });
}

/** Selects a step and brings its text into view. */
function show({ view, store }: Inner, address: string): void {
  const range = rangeOf(view.state, address);
  store.change({ selected: address });
  const reveal = range ? [EditorView.scrollIntoView(range.from, { y: 'nearest', yMargin: 140 })] : [];
  const elsewhere = range && addressAt(view.state, view.state.selection.main.head) !== address;
  view.dispatch({
    ...(elsewhere ? { selection: { anchor: range.from } } : {}),
    effects: [selectedEffect(address), ...reveal],
    annotations: Transaction.userEvent.of('select.canvas'),
  });
}

async function perform(inner: Inner, edit: Edit, tests: readonly ListedTest[]): Promise<readonly string[]> {
  const { view } = inner;
  for (;;) {
    const before = view.state.doc;
    const texts = tests.map(({ name, source }) => ({ name, source }));
    const answer = await client.editPlaybook({ body: { source: before.toString(), edit, tests: texts } });
    // Somebody typed meanwhile: the places of the edit are those of another text.
    if (!view.state.doc.eq(before)) continue;
    inner.wanted = answer.select ?? '';
    const changes = answer.changes as ChangeSpec;
    view.dispatch({ changes, effects: testsEffect.of(stepsOf(answer, tests)), userEvent: 'input.structure' });
    return answer.remarks;
  }
}

function stepsOf(answer: CallResult<'editPlaybook'>, tests: readonly ListedTest[]): readonly TestStep[] {
  return answer.tests.flatMap(({ name, changes }) => {
    const test = tests.find((one) => one.name === name);
    if (!test) return [];
    const { source: from, origin } = test;
    return [{ name, from, to: changedText(from, changes), shipped: origin === 'content' ? from : null }];
  });
}

/** What differs between two texts, without what they have in common at both ends. */
function smallestChange(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}

function asDiagnostic(finding: FullOutline['findings'][number]): Diagnostic {
  const { from, to, severity, message, suggestion, code } = finding;
  return {
    from,
    to: Math.max(from, to),
    severity,
    source: code,
    message: plainText(suggestion ? `${message} ${suggestion}` : message, 500),
  };
}

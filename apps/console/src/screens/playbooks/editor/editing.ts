import type { CallArguments, CallResult } from '@counterpoint/sdk';
import { client } from '../../../app/client.ts';
import { keptTexts } from '../../../app/kept-texts.ts';
import { onSessionState, sessionState } from '../../../app/session-state.ts';
import { standingOf } from '../standing.ts';
import { unless404 } from '../unless-404.ts';
import { createEditorModel, type EditorModel } from './editor-model.ts';
import { followTests } from './follow-tests.ts';
import { forgetCopy, keepCopy, readCopy } from './local-copy.ts';
import { createSaver, outdated, type Saved, type Saver, type SaveState } from './saver.ts';
import { createStore, type Store } from './store.ts';
import { bothMade, type TestStep } from './test-steps.ts';

/** What a playbook is opened with. */
export interface Start {
  /** Null: it was never published. */
  readonly published: CallResult<'getPlaybook'> | null;
  /** Null: nobody is working on it. */
  readonly draft: CallResult<'getDraft'> | null;
}

/** How the text stands to the server and to this browser. */
export interface Standing {
  readonly save: SaveState;
  /** Revision of the draft; 0: there is none. */
  readonly rev: number;
  /** When what this browser had kept was written, Unix milliseconds; undefined: nothing was taken from there. */
  readonly restored: number | undefined;
  /** Whether this browser has room for a copy. */
  readonly copied: boolean;
}

/** A playbook that is being edited by somebody. */
export interface Editing {
  readonly id: string;
  readonly model: EditorModel;
  readonly saver: Saver;
  readonly standing: Store<Standing>;
  /** Takes over a text that is upon what the server has now. */
  takeOver(text: string, saved: SavedBy): void;
  /** Takes over what the server has now, after the draft was thrown away: its tests go back too. */
  giveUp(text: string, saved: SavedBy): void;
  /** Goes back to what the server has, after something was restored from this browser. */
  drop(): void;
  destroy(): void;
}

/** What {@link createEditing} needs. */
export interface EditingOptions {
  readonly id: string;
  readonly start: Start;
  readonly step: string;
  readonly readOnly: boolean;
  readonly onLeave: () => void;
}

const COPY_WAIT = 400;

/** What the server has, and whose it is. */
export interface SavedBy extends Saved {
  /** Id of the published version that is current; empty: none was ever published. */
  readonly version: string;
  /** Reference of who saved the draft; empty where there is none. */
  readonly by: string;
  /** What the draft made of its tests. */
  readonly tests: readonly TestStep[];
}

/** The draft as the server has it; what is published where there is none. */
export async function readSaved(id: string): Promise<SavedBy> {
  const standing = await standingOf(id);
  const [published, draft] = await Promise.all([
    standing === 'draft' ? null : client.getPlaybook({ id }).catch(unless404),
    standing === 'published' ? null : client.getDraft({ id }).catch(unless404),
  ]);
  const version = published?.current ?? '';
  if (draft) return { rev: draft.rev, source: draft.source, by: draft.principal, tests: draft.tests, version };
  return { rev: 0, source: published?.source ?? '', by: '', tests: [], version };
}

/** Opens a playbook for editing: its draft, or what this browser kept of it. */
export function createEditing(options: EditingOptions): Editing {
  const { id, start, readOnly } = options;
  const first: Saved = start.draft ?? { rev: 0, source: start.published?.source ?? '' };
  const copy = readOnly ? undefined : readCopy(keptTexts, id);
  const kept = copy && copy.text !== first.source ? copy : undefined;
  const standing = createStore<Standing>({
    save: { kind: 'saved' },
    rev: first.rev,
    restored: kept?.at,
    copied: true,
  });
  let seen = start.published?.current ?? '';
  const drafted = start.draft?.tests ?? [];
  const saver = createSaver({
    // What was kept was written upon its own base: if the server has moved on, saving it is a conflict, as it should be.
    first: kept ? { rev: kept.rev, source: kept.base } : first,
    save: (source, rev) => saveDraft(id, seen, { source, rev, tests: [...model.madeOfTests()] }),
    onState: (save) => {
      // Said with every letter; once is enough.
      if (save.kind === 'unsaved' && standing.get().save.kind === 'unsaved') return;
      standing.change({ save, rev: saver.saved().rev });
      if (save.kind === 'saved') forgetCopy(keptTexts, id);
    },
  });
  const copier = keepCopies(id, saver, standing, readOnly);
  const model = createEditorModel({
    source: kept?.text ?? first.source,
    // What was kept upon a draft that is gone may have been published with it.
    tests: kept?.rev === first.rev ? kept.tests : drafted,
    selected: options.step,
    readOnly,
    onLeave: options.onLeave,
    onText(text) {
      saver.changed(text);
      copier.soon();
    },
    onTests: followTests(id).follow,
  });
  copier.text = model.text;
  copier.tests = model.madeOfTests;
  if (kept) saver.changed(kept.text);
  const stopSession = onSessionState(() => {
    if (sessionState() !== 'open') return;
    void saver.flush();
    model.lookAgain();
  });
  return {
    id,
    model,
    saver,
    standing,
    ...adoptions(model, saver, (saved) => {
      const isNew = saved.version !== seen;
      seen = saved.version;
      return isNew;
    }),
    drop() {
      // Nothing was saved since: what was kept is upon a draft that others have changed.
      if (kept && kept.rev !== first.rev && saver.saved().rev === kept.rev) saver.adopt(first);
      model.replace(first.source, drafted);
      standing.change({ restored: undefined });
    },
    destroy() {
      copier.stop();
      stopSession();
      void saver.flush();
      saver.stop();
      model.destroy();
    },
  };
}

/** How the text takes over what the server has now; `see` says whether another version was published meanwhile. */
function adoptions(
  model: EditorModel,
  saver: Saver,
  see: (saved: SavedBy) => boolean,
): Pick<Editing, 'takeOver' | 'giveUp'> {
  const adopt = (saved: SavedBy, change: () => void): void => {
    saver.adopt(saved);
    change();
    saver.changed(model.text());
    void saver.flush();
  };
  return {
    takeOver(text, saved) {
      // What was made of tests before somebody published stays with what was published.
      model.knowTests(bothMade(saved.tests, see(saved) ? [] : model.madeOfTests()));
      adopt(saved, () => model.replace(text));
    },
    giveUp(text, saved) {
      see(saved);
      adopt(saved, () => model.replace(text, saved.tests));
    },
  };
}

/** Saves; the first save of a draft only upon the version that its author saw, for the server cannot tell. */
async function saveDraft(id: string, seen: string, body: CallArguments<'saveDraft'>['body'] & Saved): Promise<Saved> {
  const { source, rev } = body;
  if (rev === 0 && seen !== '') {
    const { current } = await client.getPlaybook({ id });
    if (current !== seen) throw outdated;
  }
  const draft = await client.saveDraft({ id, body });
  return { rev: draft.rev, source };
}

/** Keeps copies in this browser of what the server does not have yet. */
function keepCopies(id: string, saver: Saver, standing: Store<Standing>, readOnly: boolean) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copier = {
    text: (): string => saver.saved().source,
    tests: (): readonly TestStep[] => [],
    soon() {
      clearTimeout(timer);
      timer = setTimeout(keep, COPY_WAIT);
    },
    stop() {
      window.removeEventListener('pagehide', keep);
      clearTimeout(timer);
      keep();
    },
  };
  const keep = (): void => {
    if (readOnly) return;
    const { rev, source: base } = saver.saved();
    const text = copier.text();
    if (text === base) forgetCopy(keptTexts, id);
    else
      standing.change({ copied: keepCopy(keptTexts, id, { text, rev, base, tests: copier.tests(), at: Date.now() }) });
  };
  window.addEventListener('pagehide', keep);
  return copier;
}

import { isCounterpointError } from '@counterpoint/core';

/** Whether a save failed because somebody else was first. */
export function isConflict(error: unknown): boolean {
  return error === outdated || isCounterpointError(error, 'engine.draft_changed');
}

/** Thrown by a save that would be upon a published version that its author has not seen. */
export const outdated = new Error('Another version was published meanwhile.');

/** A text as the server has it. */
export interface Saved {
  /** Revision of the draft; 0: there is none. */
  readonly rev: number;
  readonly source: string;
}

/** How the text of the editor stands to the server. */
export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  /** Somebody else saved another one. */
  | { readonly kind: 'conflict' }
  /** It could not be saved; `again`: it is tried again by itself. */
  | { readonly kind: 'trouble'; readonly error: unknown; readonly again: boolean };

/** Saves a text when its author pauses, one save at a time. */
export interface Saver {
  changed(text: string): void;
  /** Saves what is not saved yet; ends when it was tried. */
  flush(): Promise<void>;
  /** Takes over what the server has now; the text of the editor stays to be saved upon it. */
  adopt(saved: Saved): void;
  saved(): Saved;
  stop(): void;
}

/** What a {@link Saver} works with. */
export interface SaverOptions {
  readonly first: Saved;
  readonly save: (source: string, rev: number) => Promise<Saved>;
  readonly onState: (state: SaveState) => void;
}

/** Milliseconds without a change before it is saved. */
export const SAVE_WAIT = 1_200;
const FIRST_AGAIN = 2_000;
const LONGEST_AGAIN = 30_000;

/** Makes a {@link Saver}. */
export function createSaver({ first, save, onState }: SaverOptions): Saver {
  let saved = first;
  let text = first.source;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let blocked = false;
  let again = FIRST_AGAIN;

  const plan = (wait: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), wait);
  };
  const failed = (error: unknown): void => {
    if (isConflict(error)) {
      blocked = true;
      onState({ kind: 'conflict' });
      return;
    }
    const worth = isCounterpointError(error) && error.retryable;
    onState({ kind: 'trouble', error, again: worth });
    if (!worth) return;
    plan(again);
    again = Math.min(again * 2, LONGEST_AGAIN);
  };
  const once = async (): Promise<void> => {
    const sent = text;
    onState({ kind: 'saving' });
    try {
      const answer = await save(sent, saved.rev);
      saved = { rev: answer.rev, source: sent };
      again = FIRST_AGAIN;
      onState(text === sent ? { kind: 'saved' } : { kind: 'unsaved' });
      if (text !== sent) plan(SAVE_WAIT);
    } catch (error) {
      failed(error);
    }
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    while (running) await running;
    if (blocked || text === saved.source) return;
    running = once();
    await running;
    running = undefined;
  };
  return {
    changed(next) {
      text = next;
      if (blocked) return;
      if (text === saved.source && !running) {
        clearTimeout(timer);
        onState({ kind: 'saved' });
        return;
      }
      onState({ kind: 'unsaved' });
      plan(SAVE_WAIT);
    },
    flush,
    adopt(next) {
      saved = next;
      blocked = false;
      onState(text === saved.source ? { kind: 'saved' } : { kind: 'unsaved' });
      if (text !== saved.source) plan(SAVE_WAIT);
    },
    saved: () => saved,
    stop: () => clearTimeout(timer),
  };
}

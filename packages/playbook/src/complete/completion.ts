import type { TextChange } from '../edit/edit.ts';

/** What an option is. */
export type OptionKind =
  | 'key'
  | 'step'
  | 'action'
  | 'capability'
  | 'connector'
  | 'connection'
  | 'input'
  | 'value'
  | 'topic'
  | 'table'
  | 'playbook'
  | 'reference'
  | 'field'
  | 'function';

/** Something that can be written. */
export interface CompletionOption {
  readonly label: string;
  /** What is written; lines after the first are indented for the place. */
  readonly insert: string;
  readonly kind: OptionKind;
  /** A few words: a type, a signature, `required`. */
  readonly detail: string;
  /** A sentence or two. */
  readonly doc: string;
  /** What else changes elsewhere in the text when it is taken, such as one more alias in `uses`. */
  readonly also: readonly TextChange[];
}

/** What can be written at a place. */
export interface Completion {
  /** An option replaces the text from here to `to`. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly CompletionOption[];
}

/** An option of which little is to be said. */
export function option(label: string, kind: OptionKind, detail = '', doc = '', insert = label): CompletionOption {
  return { label, insert, kind, detail, doc, also: [] };
}

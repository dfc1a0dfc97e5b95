/** Replace what stands from `from` to `to` by `insert`; offsets count UTF-16 units of the text before the edit. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Where a step is put. */
export interface StepPlace {
  /** Address of the step whose list it is; empty: a list of the document. */
  readonly step: string;
  /** Name of the list in the outline, also of one that is not written yet. */
  readonly slot: string;
  /** Before which of its steps; past the end: behind the last one. */
  readonly index: number;
}

/** What a new step begins as. */
export interface NewStep {
  readonly kind: string;
  readonly name?: string | undefined;
  readonly connector?: string | undefined;
  readonly capability?: string | undefined;
  readonly action?: string | undefined;
}

/** The blocks that steps can be wrapped in. */
export type Wrapping = 'if' | 'foreach' | 'while' | 'parallel' | 'try';

/** One structural edit. */
export type PlaybookEdit =
  | { readonly op: 'add'; readonly at: StepPlace; readonly step: NewStep }
  | { readonly op: 'delete'; readonly addresses: readonly string[] }
  | { readonly op: 'move'; readonly address: string; readonly to: StepPlace }
  | { readonly op: 'rename'; readonly address: string; readonly name: string }
  | {
      readonly op: 'wrap';
      readonly addresses: readonly string[];
      readonly in: Wrapping;
      readonly name?: string | undefined;
    }
  | { readonly op: 'duplicate'; readonly address: string }
  | { readonly op: 'set_title'; readonly title: string };

/** What an edit changes. */
export interface EditResult {
  /** In the order of the text, none over another. */
  readonly changes: readonly TextChange[];
  /** The text afterwards. */
  readonly text: string;
  /** Address of the step to select afterwards. */
  readonly select: string | undefined;
  /** Sentences for people about what it did beyond what was asked. */
  readonly remarks: readonly string[];
}

/** Applies changes that are in the order of the text. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, insert } of changes) {
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}

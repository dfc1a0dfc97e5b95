import type { EditorState, Text, TransactionSpec } from '@codemirror/state';

/** What the server was asked with. */
interface Asked {
  readonly doc: Text;
  /** The word that an option replaces, in that text. */
  readonly from: number;
  readonly to: number;
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** An option of the list, and what else it changes in the text that the server was asked with. */
interface Option {
  readonly insert: string;
  readonly also: readonly Change[];
}

/**
 * Takes an option from `from` to `to` with all that goes with it, as one change that is undone as one. What was typed since
 * the server was asked stands in that word; where more has changed, only the word is replaced.
 */
export function takeOption(
  state: EditorState,
  asked: Asked,
  option: Option,
  from: number,
  to: number,
): TransactionSpec {
  const by = to - asked.to;
  const also = onlyTheWordDiffers(state.doc, asked, to) && from === asked.from ? option.also : [];
  const moved = also.map((one) => (one.from < asked.to ? one : { ...one, from: one.from + by, to: one.to + by }));
  const changes = state.changes([{ from, to, insert: option.insert }, ...moved]);
  return {
    changes,
    selection: { anchor: changes.mapPos(to, 1) },
    scrollIntoView: true,
    userEvent: 'input.complete',
  };
}

function onlyTheWordDiffers(doc: Text, asked: Asked, to: number): boolean {
  const before = doc.slice(0, asked.from).eq(asked.doc.slice(0, asked.from));
  return before && doc.slice(Math.min(to, doc.length)).eq(asked.doc.slice(asked.to));
}

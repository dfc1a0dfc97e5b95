/** Replace what stands from `from` to `to` by `insert`; offsets are those of the text before all changes. */
interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A text with changes that are in its order and not over one another. */
export function changedText(text: string, changes: readonly TextChange[]): string {
  return changes.toReversed().reduce((all, { from, to, insert }) => all.slice(0, from) + insert + all.slice(to), text);
}

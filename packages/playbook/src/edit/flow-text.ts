import { errors } from '../errors.ts';
import { indentOf, isBlank } from './lines.ts';

/** Comments between two parts of a list or map in brackets. */
export interface Gap {
  /** On the line of what stands before. */
  readonly beside: readonly string[];
  /** On lines of their own. */
  readonly above: readonly string[];
}

/** The comments in a text that has nothing else but blanks and a comma. @throws playbook.edit_fixed */
export function commentsIn(text: string): Gap {
  const beside: string[] = [];
  const above: string[] = [];
  text.split('\n').forEach((line, index) => {
    const [, before = '', comment = ''] = /^([^#]*)(#.*)?$/.exec(line.trimEnd()) ?? [];
    // Anything else, such as an anchor, belongs to what stands behind it.
    if (!/^[\s,]*$/.test(before)) throw errors.edit_fixed({ slot: 'in brackets' });
    if (comment !== '') (index === 0 ? beside : above).push(comment);
  });
  return { beside, above };
}

/**
 * The lines of something in brackets, moved to another column; its first line without the blanks before it. What
 * stands in brackets, quotes or plain over several lines means the same however deep these begin.
 */
export function reindented(
  text: string,
  { column }: { readonly column: number },
  to: number,
  more = 0,
): readonly string[] {
  const [first = '', ...rest] = text.split(/\r?\n/);
  const by = to - (column - 1);
  return [
    first,
    ...rest.map((line) =>
      isBlank(line) ? '' : ' '.repeat(Math.max(to + more, indentOf(line) + by)) + line.trimStart(),
    ),
  ];
}

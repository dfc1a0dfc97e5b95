import type { TextChange } from './edit.ts';

/** A stretch of the first text that is kept, or something new. */
type Piece = { readonly from: number; readonly to: number } | { readonly insert: string };

/** Two changes one after the other, as changes of the text before both; the places of `second` are those in between. */
export function composeChanges(
  length: number,
  first: readonly TextChange[],
  second: readonly TextChange[],
): readonly TextChange[] {
  return changesOf(length, replaced(piecesOf(length, first), second));
}

function piecesOf(length: number, changes: readonly TextChange[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to, insert } of changes) {
    pieces.push({ from: at, to: from }, { insert });
    at = to;
  }
  return [...pieces, { from: at, to: length }];
}

function replaced(pieces: readonly Piece[], changes: readonly TextChange[]): readonly Piece[] {
  const result: Piece[] = [];
  let at = 0;
  for (const { from, to, insert } of changes) {
    result.push(...between(pieces, at, from), { insert });
    at = to;
  }
  return [...result, ...between(pieces, at, Number.POSITIVE_INFINITY)];
}

/** What of the pieces stands between two places of the text that they make. */
function between(pieces: readonly Piece[], from: number, to: number): readonly Piece[] {
  let at = 0;
  return pieces.flatMap((piece): readonly Piece[] => {
    const length = 'insert' in piece ? piece.insert.length : piece.to - piece.from;
    const start = Math.max(0, from - at);
    const end = Math.min(length, to - at);
    at += length;
    if (end <= start) return [];
    if ('insert' in piece) return [{ insert: piece.insert.slice(start, end) }];
    return [{ from: piece.from + start, to: piece.from + end }];
  });
}

function changesOf(length: number, pieces: readonly Piece[]): readonly TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  let insert = '';
  for (const piece of [...pieces, { from: length, to: length }]) {
    if ('insert' in piece) insert += piece.insert;
    else {
      if (insert !== '' || piece.from > at) changes.push({ from: at, to: piece.from, insert });
      insert = '';
      at = piece.to;
    }
  }
  return changes;
}

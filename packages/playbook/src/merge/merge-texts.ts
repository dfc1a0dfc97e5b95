import { diff3Merge } from 'node-diff3';

/** A place where both sides changed the same lines otherwise. */
export interface MergeConflict {
  /** Offsets in the merged text; what stands there is `mine`. */
  readonly from: number;
  readonly to: number;
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** Two changes of one text, brought together. */
export interface MergedText {
  /** Where the changes collide, it has the text of `mine`. */
  readonly text: string;
  /** In the order of the text. */
  readonly conflicts: readonly MergeConflict[];
}

interface Chunk {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** Pairs of equal lines that are looked at; beyond that, texts of the same few lines would take too long. */
const MAX_PAIRS = 2_000_000;

/** Merges line by line. What both sides changed alike is no conflict. */
export function mergeTexts(base: string, mine: string, theirs: string): MergedText {
  const chunks = chunksOf(linesOf(base), linesOf(mine), linesOf(theirs));
  const conflicts: MergeConflict[] = [];
  let text = '';
  for (const chunk of chunks) {
    if (typeof chunk === 'string') text += chunk;
    else {
      const from = text.length;
      text += chunk.mine;
      conflicts.push({ from, to: text.length, ...chunk });
    }
  }
  return { text, conflicts };
}

function chunksOf(base: string[], mine: string[], theirs: string[]): readonly (string | Chunk)[] {
  if (pairs(base, mine) + pairs(base, theirs) > MAX_PAIRS)
    return [whole(base.join(''), mine.join(''), theirs.join(''))];
  return diff3Merge(mine, base, theirs, { excludeFalseConflicts: true }).map((region) => {
    if (region.ok) return region.ok.join('');
    const { o = [], a = [], b = [] } = region.conflict ?? {};
    return { base: o.join(''), mine: a.join(''), theirs: b.join('') };
  });
}

function whole(base: string, mine: string, theirs: string): string | Chunk {
  if (mine === theirs || theirs === base) return mine;
  return mine === base ? theirs : { base, mine, theirs };
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function pairs(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  return b.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
}

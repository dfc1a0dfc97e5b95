/** A piece of a sentence: words, or something to be typed. */
interface CodePart {
  /** Where it begins in the sentence. */
  readonly at: number;
  readonly text: string;
  readonly code: boolean;
}

/** Takes a sentence apart at its pairs of backticks, as the error catalogue writes commands and fields; a single one stays. */
export function codeParts(sentence: string): readonly CodePart[] {
  const parts: CodePart[] = [];
  let end = 0;
  for (const found of sentence.matchAll(/`([^`]+)`/g)) {
    if (found.index > end) parts.push({ at: end, text: sentence.slice(end, found.index), code: false });
    parts.push({ at: found.index, text: found[1] ?? '', code: true });
    end = found.index + found[0].length;
  }
  return end < sentence.length ? [...parts, { at: end, text: sentence.slice(end), code: false }] : parts;
}

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** A text and how it is called. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The unified diff of two texts, with three lines around each change; empty when they are the same. */
export function diffText(from: NamedText, to: NamedText): string {
  if (from.text === to.text) return '';
  return createTwoFilesPatch(from.name, to.name, from.text, to.text, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

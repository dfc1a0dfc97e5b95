import { Code } from '@mantine/core';
import { codeParts } from './code-parts.ts';

/** A sentence of the catalogue: what it has between backticks stands as code, for it is to be typed so. */
export function WithCode({ text }: { readonly text: string }) {
  return codeParts(text).map(({ at, text: part, code }) => (code ? <Code key={at}>{part}</Code> : part));
}

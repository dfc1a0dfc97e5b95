import { type PathStep, parsePath, readPath } from '../path.ts';
import { MAX_TEXT, textOf } from './coerce.ts';

/** A text with holes that are filled from an item. */
export interface TextTemplate {
  /** Undefined when a hole has nothing to be filled with. */
  readonly fill: (item: unknown) => string | undefined;
  readonly holes: readonly (readonly PathStep[])[];
}

/** Compiles `http://{http.hostname}{http.url}`; `{{` and `}}` are braces. Names the part that is no path. */
export function textTemplate(source: string): TextTemplate | { readonly problem: string } {
  const parts: (string | readonly PathStep[])[] = [];
  let literal = '';
  for (const [piece, hole] of source.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (hole !== undefined) {
      const steps = parsePath(hole);
      if (steps === undefined) return { problem: `{${hole}} is not a path` };
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push(steps);
    } else if (piece === '{' || piece === '}') return { problem: `a single "${piece}" stands in it` };
    else literal += piece === '{{' || piece === '}}' ? piece.slice(1) : piece;
  }
  if (literal !== '') parts.push(literal);
  const fill: TextTemplate['fill'] = (item) => {
    let text = '';
    for (const part of parts) {
      const filled = typeof part === 'string' ? part : textOf(readPath(item, part));
      if (filled === undefined) return undefined;
      text += filled;
    }
    return text.slice(0, MAX_TEXT);
  };
  return { fill, holes: parts.filter((part) => typeof part !== 'string') };
}

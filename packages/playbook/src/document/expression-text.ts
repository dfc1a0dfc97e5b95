import type { Position } from '../plan.ts';
import type { DocumentNode, ScalarNode } from './node.ts';
import type { Source } from './source.ts';

/**
 * Where `length` characters at `offset` of a scalar's content stand in the source, also when the text is folded over
 * several lines or has escaped quotes. When other escapes make that unclear, the scalar itself.
 */
export function positionWithin(node: DocumentNode, offset: number, length: number, source: Source): Position {
  if (node.kind !== 'scalar') return node.position;
  const { from, to } = node.position;
  const raw = source.text.slice(from, to);
  const content = typeof node.value === 'string' ? node.value : node.text;
  const start = rawIndex(raw, node.style, content, offset);
  if (start === undefined) return node.position;
  const end = rawIndex(raw, node.style, content, offset + Math.max(0, length - 1)) ?? start;
  return source.position(from + start, from + end + (length > 0 ? 1 : 0));
}

const SPACE = /\s/;

/** Index in the source of the character at `offset` of the content; white space may differ between the two. */
function rawIndex(raw: string, style: ScalarNode['style'], content: string, offset: number): number | undefined {
  let at = startOf(raw, style);
  for (let index = 0; index <= offset && index <= content.length; index++) {
    if (index === content.length) return at;
    const wanted = content[index] as string;
    if (SPACE.test(wanted)) {
      if (index === offset) return at;
      continue;
    }
    while (at < raw.length && SPACE.test(raw[at] as string)) at += 1;
    if (style === 'quoted' && isEscape(raw, at, wanted)) at += 1;
    if (raw[at] !== wanted) return undefined;
    if (index === offset) return at;
    at += 1;
  }
  return undefined;
}

function startOf(raw: string, style: ScalarNode['style']): number {
  if (style === 'quoted') return 1;
  // The first line of a block holds its indicators.
  return style === 'block' ? raw.indexOf('\n') + 1 : 0;
}

/** Whether a backslash or a doubled quote stands before the wanted character. */
function isEscape(raw: string, at: number, wanted: string): boolean {
  const isDoubled = raw[0] === "'" && wanted === "'" && raw[at] === "'";
  return isDoubled || (raw[0] === '"' && raw[at] === '\\' && raw[at + 1] === wanted);
}

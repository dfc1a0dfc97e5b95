import type { Position } from '../plan.ts';
import type { DocumentNode, ScalarNode } from './node.ts';
import type { Source } from './source.ts';

/**
 * Where `length` characters at `offset` of a scalar's content stand in the source. Exact unless escapes or folding make
 * the same text look different there; then the scalar itself.
 */
export function positionWithin(node: DocumentNode, offset: number, length: number, source: Source): Position {
  if (node.kind !== 'scalar') return node.position;
  const { from, to } = node.position;
  const raw = source.text.slice(from, to);
  const content = contentOf(node);
  const lineStart = content.lastIndexOf('\n', offset - 1) + 1;
  const upTo = content.slice(lineStart, offset + length);
  const found = raw.indexOf(upTo);
  const unique = found !== -1 && raw.indexOf(upTo, found + 1) === -1;
  const direct = raw.startsWith(upTo, node.style === 'quoted' ? 1 : 0);
  if (lineStart === 0 && direct) return at(source, from + (node.style === 'quoted' ? 1 : 0) + offset, length);
  if (!unique) return node.position;
  return at(source, from + found + (offset - lineStart), length);
}

function contentOf(node: ScalarNode): string {
  return typeof node.value === 'string' ? node.value : node.text;
}

function at(source: Source, from: number, length: number): Position {
  return source.position(from, from + length);
}

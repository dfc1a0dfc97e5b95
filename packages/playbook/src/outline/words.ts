import { type DocumentNode, fieldOf } from '../document/node.ts';

const LONGEST = 160;

/** The text of a scalar; empty for anything else. */
export function textOf(node: DocumentNode | undefined): string {
  return node?.kind === 'scalar' ? node.text.trim() : '';
}

/** The text of a field. */
export function textAt(node: DocumentNode | undefined, field: string): string {
  return textOf(fieldOf(node, field));
}

/** A text on one line, of bounded length. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

/** A value as people would write it: expressions without their marks, lists and maps in short. */
export function valueText(node: DocumentNode | undefined): string {
  if (!node) return '';
  if (node.kind === 'list') return node.items.length === 1 ? valueText(node.items[0]) : `${node.items.length} values`;
  if (node.kind === 'map') return node.entries.map(({ key }) => key).join(', ');
  const whole = /^\$\{\{([\s\S]*)\}\}$/.exec(node.text.trim())?.[1];
  return whole === undefined || whole.includes('${{') ? node.text : whole;
}

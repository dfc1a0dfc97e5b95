import { nearest, parseDuration } from '@counterpoint/core';
import {
  type DocumentNode,
  describeNode,
  entryOf,
  type ListNode,
  type MapNode,
  type ScalarNode,
} from '../document/node.ts';
import type { Part, Reading } from './context.ts';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Whether `text` is a snake_case name. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Reports every field that is not in `known`, with the nearest one that is. */
export function refuseOthers(part: Part, known: readonly string[], reading: Reading): void {
  for (const { key, keyPosition, value } of part.node.entries) {
    if (known.includes(key)) continue;
    // A comma inside an unquoted expression of a flow map leaves such a rest; the expression itself is reported.
    const isRest = part.node.flow && value.kind === 'scalar' && value.style === 'empty' && !isName(key);
    if (isRest) continue;
    reading.report.add('unknown_field', keyPosition, { where: part.name, field: key }, nearest(key, known));
  }
}

/** The value of a field that is present; a field without a value counts as wrong, not as absent. */
export function child(part: Part, field: string): DocumentNode | undefined {
  return entryOf(part.node, field)?.value;
}

/** Reports a field that must be there. */
export function requireField(part: Part, field: string, reading: Reading): DocumentNode | undefined {
  const node = child(part, field);
  if (!node) reading.report.add('missing_field', part.node.position, { where: part.name, field });
  return node;
}

/** Reports that a node has the wrong type. */
export function wrongType(node: DocumentNode, field: string, expected: string, reading: Reading): undefined {
  reading.report.add('wrong_type', node.position, { field, expected, actual: describeNode(node) });
  return undefined;
}

function wrongValue(node: ScalarNode, field: string, expected: string, reading: Reading, near?: string): undefined {
  reading.report.add('wrong_value', node.position, { field, expected, actual: JSON.stringify(node.text) }, near);
  return undefined;
}

/** A node that must be a map. */
export function asMap(node: DocumentNode, field: string, reading: Reading): MapNode | undefined {
  return node.kind === 'map' ? node : wrongType(node, field, 'a map', reading);
}

/** A node that must be a list. */
export function asList(node: DocumentNode, field: string, reading: Reading): ListNode | undefined {
  return node.kind === 'list' ? node : wrongType(node, field, 'a list', reading);
}

/** A node that must be text (not empty). */
export function asText(node: DocumentNode, field: string, reading: Reading): string | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return wrongType(node, field, 'text', reading);
  if (node.value.trim() === '') return wrongValue(node, field, 'text that is not empty', reading);
  return node.value;
}

/** A node that must be a snake_case name. */
export function asName(node: DocumentNode, field: string, reading: Reading): string | undefined {
  const text = asText(node, field, reading);
  if (text === undefined || isName(text)) return text;
  const near = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '');
  reading.report.add('invalid_name', node.position, { name: text, field }, isName(near) ? near : undefined);
  return undefined;
}

/** An optional text field. */
export function text(part: Part, field: string, reading: Reading): string | undefined {
  const node = child(part, field);
  return node && asText(node, field, reading);
}

/** An optional true-or-false field. */
export function flag(part: Part, field: string, otherwise: boolean, reading: Reading): boolean {
  const node = child(part, field);
  if (!node) return otherwise;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  wrongType(node, field, 'true or false', reading);
  return otherwise;
}

/** An optional number field within bounds. */
export function number(
  part: Part,
  field: string,
  bounds: { readonly min: number; readonly max: number; readonly whole: boolean },
  reading: Reading,
): number | undefined {
  const node = child(part, field);
  if (!node) return undefined;
  if (node.kind !== 'scalar' || typeof node.value !== 'number') return wrongType(node, field, 'a number', reading);
  const { min, max, whole } = bounds;
  if (node.value >= min && node.value <= max && (!whole || Number.isInteger(node.value))) return node.value;
  return wrongValue(node, field, `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`, reading);
}

/** An optional duration field, in milliseconds, more than zero. */
export function duration(part: Part, field: string, reading: Reading): number | undefined {
  const node = child(part, field);
  return node && asDuration(node, field, reading);
}

/** A node that must be a duration, in milliseconds, more than zero and at most 10 years. */
function asDuration(node: DocumentNode, field: string, reading: Reading): number | undefined {
  if (node.kind !== 'scalar') return wrongType(node, field, 'a duration such as 30s or 4h', reading);
  try {
    const millis = parseDuration(node.text);
    if (millis > 0 && millis <= 315_360_000_000) return millis;
  } catch {
    // Reported below, with the position.
  }
  const near = /^\d+$/.test(node.text) ? `${node.text}s` : undefined;
  return wrongValue(node, field, 'a duration such as 30s, 4h or 7d', reading, near);
}

/** An optional field that takes one of some words. */
export function oneOf<const Words extends readonly string[]>(
  part: Part,
  field: string,
  words: Words,
  reading: Reading,
): Words[number] | undefined {
  const node = child(part, field);
  if (!node) return undefined;
  if (node.kind !== 'scalar') return wrongType(node, field, `one of ${words.join(', ')}`, reading);
  if (words.includes(node.text)) return node.text;
  return wrongValue(node, field, `one of ${words.join(', ')}`, reading, nearest(node.text, words));
}

/** An optional list of texts. */
export function texts(part: Part, field: string, reading: Reading): readonly string[] {
  const node = child(part, field);
  const list = node && asList(node, field, reading);
  if (!list) return [];
  if (list.items.length === 0) reading.report.add('empty_list', list.position, { field });
  return list.items.flatMap((item) => asText(item, `each of ${field}`, reading) ?? []);
}

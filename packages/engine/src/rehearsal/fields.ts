import { isCounterpointError, nearest, parseDuration } from '@counterpoint/core';
import { type DocumentNode, describeNode, type ListNode, type MapEntry, type MapNode } from '@counterpoint/playbook';
import type { TestReport } from './findings.ts';
import type { Located } from './test-file.ts';

/** A map of the document, its name in messages, and where findings go. */
export interface Part {
  readonly node: MapNode;
  readonly where: string;
  readonly report: TestReport;
}

/** The node as a map with these fields only; undefined (and reported) when it is something else. */
export function asPart(
  node: DocumentNode,
  where: string,
  fields: readonly string[],
  report: TestReport,
): Part | undefined {
  const map = asMap(node, where, report);
  if (!map) return undefined;
  for (const { key, keyPosition } of map.entries) {
    if (!fields.includes(key)) report.add('unknown_field', keyPosition, { field: key, where }, nearest(key, fields));
  }
  return { node: map, where, report };
}

/** The node as a map with any keys. */
export function asMap(node: DocumentNode, what: string, report: TestReport): MapNode | undefined {
  if (node.kind === 'map') return node;
  report.add('wrong_type', node.position, { what, expected: 'a map', actual: describeNode(node) });
  return undefined;
}

/** The node as a list. */
export function asList(node: DocumentNode, what: string, report: TestReport): ListNode | undefined {
  if (node.kind === 'list') return node;
  report.add('wrong_type', node.position, { what, expected: 'a list', actual: describeNode(node) });
  return undefined;
}

/** The node as text that is not empty. */
export function asText(node: DocumentNode, what: string, report: TestReport): Located<string> | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') {
    return { value: node.value, position: node.position };
  }
  report.add('wrong_type', node.position, { what, expected: 'text', actual: describeNode(node) });
  return undefined;
}

/** The node as true or false. */
export function asBoolean(node: DocumentNode, what: string, report: TestReport): boolean | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  report.add('wrong_type', node.position, { what, expected: 'true or false', actual: describeNode(node) });
  return undefined;
}

/** The node as one of some words. */
export function asWord<Word extends string>(
  node: DocumentNode,
  what: string,
  words: readonly Word[],
  report: TestReport,
): Located<Word> | undefined {
  const text = asText(node, what, report);
  if (!text) return undefined;
  const known = words.find((word) => word === text.value);
  if (known !== undefined) return { value: known, position: text.position };
  const params = { what, known: words.join(', '), word: text.value };
  report.add('wrong_word', text.position, params, nearest(text.value, words));
  return undefined;
}

/** The node as a duration in milliseconds. */
export function asDuration(node: DocumentNode, what: string, report: TestReport): Located<number> | undefined {
  const text = asText(node, what, report);
  if (!text) return undefined;
  try {
    return { value: parseDuration(text.value), position: text.position };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    const params = { what, expected: 'a duration such as 24h', actual: `"${text.value}"` };
    report.add('wrong_type', text.position, params);
    return undefined;
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** The node as a time in Unix milliseconds. */
export function asTime(node: DocumentNode, what: string, report: TestReport): number | undefined {
  const text = asText(node, what, report);
  if (!text) return undefined;
  const time = TIME.test(text.value) ? Date.parse(text.value) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const params = { what, expected: 'a time such as 2026-01-01T09:30:00Z', actual: `"${text.value}"` };
  report.add('wrong_type', text.position, params);
  return undefined;
}

/** The field of a part, read; undefined when it is not there. */
export function field<Value>(part: Part, name: string, read: (node: DocumentNode) => Value): Value | undefined {
  const entry = part.node.entries.find(({ key }) => key === name);
  return entry && read(entry.value);
}

/** As {@link field}; reported when it is not there. */
export function required<Value>(part: Part, name: string, read: (node: DocumentNode) => Value): Value | undefined {
  const has = part.node.entries.some(({ key }) => key === name);
  if (!has) part.report.add('missing_field', part.node.position, { field: name, where: part.where });
  return field(part, name, read);
}

/** The entries of a map under `name`, read one by one; those that cannot be read are left out. */
export function entriesOf<Value>(
  part: Part,
  name: string,
  read: (entry: MapEntry) => Value | undefined,
): Map<string, Value> {
  const map = field(part, name, (node) => asMap(node, name, part.report));
  return new Map(
    (map?.entries ?? []).flatMap((entry): [string, Value][] => {
      const value = read(entry);
      return value === undefined ? [] : [[entry.key, value]];
    }),
  );
}

/** The items of the list under `name`, read one by one; those that cannot be read are left out. */
export function itemsOf<Value>(part: Part, name: string, read: (node: DocumentNode) => Value | undefined): Value[] {
  const list = field(part, name, (node) => asList(node, name, part.report));
  return (list?.items ?? []).flatMap((item) => read(item) ?? []);
}

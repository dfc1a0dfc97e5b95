import type { Json } from '@counterpoint/core';
import type { Position } from '../plan.ts';

interface NodeBase {
  readonly position: Position;
  /** Reached through an alias, or carrying an anchor: what it says is written, or used, somewhere else too. */
  readonly shared: boolean;
}

/** A value without parts. `text` is its source for a plain scalar, else its content. */
export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  readonly text: string;
  readonly style: 'plain' | 'quoted' | 'block' | 'empty';
}

/** A list. */
export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly DocumentNode[];
  /** Offset of the dash before each item; empty in flow style. */
  readonly dashes: readonly number[];
}

/** One `key: value` of a map. */
export interface MapEntry {
  readonly key: string;
  readonly keyPosition: Position;
  readonly value: DocumentNode;
}

/** A map; keys are unique. */
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly MapEntry[];
}

/** A node of a parsed document: plain data with positions, free of the YAML library. */
export type DocumentNode = ScalarNode | ListNode | MapNode;

/** The entry of `key`. */
export function entryOf(node: DocumentNode | undefined, key: string): MapEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The value of `key`. */
export function fieldOf(node: DocumentNode | undefined, key: string): DocumentNode | undefined {
  return entryOf(node, key)?.value;
}

/** The node as plain data. A key `__proto__` becomes an ordinary own property. */
export function toJson(node: DocumentNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, toJson(entry.value)]));
}

/** What a node is, in the words of messages. */
export function describeNode(node: DocumentNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  if (node.value === null) return 'nothing';
  return { string: 'text', number: 'a number', boolean: 'true or false' }[typeof node.value as 'string'];
}

/** The deepest node on `path` (keys and indexes) that exists. */
export function nodeAt(node: DocumentNode, path: readonly (string | number)[]): DocumentNode {
  let current = node;
  for (const part of path) {
    const next = current.kind === 'list' ? current.items[Number(part)] : fieldOf(current, String(part));
    if (!next) break;
    current = next;
  }
  return current;
}

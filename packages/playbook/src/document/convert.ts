import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Position } from '../plan.ts';
import type { Report } from '../report.ts';
import type { DocumentNode, MapEntry, ScalarNode } from './node.ts';
import { quoted, slotAt } from './slots.ts';
import type { Source } from './source.ts';
import { documentLimits } from './tokens.ts';

interface Conversion {
  readonly source: Source;
  readonly report: Report;
  /** Anchors seen so far; the last one of a name counts. */
  readonly anchors: Map<string, Node>;
  /** Anchored nodes that are being converted. */
  readonly open: Set<Node>;
  aliases: number;
  nodes: number;
  full: boolean;
}

/** Where the conversion stands; inside an alias everything has the alias's position. */
interface Place {
  readonly shared: boolean;
  readonly alias: Position | undefined;
}

/** Turns the library's tree into ours, following aliases within bounds. */
export function convertNode(node: Node, source: Source, report: Report): DocumentNode {
  const state: Conversion = {
    source,
    report,
    anchors: new Map(),
    open: new Set(),
    aliases: 0,
    nodes: 0,
    full: false,
  };
  return convert(node, { shared: false, alias: undefined }, state);
}

function positionOf(node: Node, place: Place, state: Conversion): Position {
  if (place.alias) return place.alias;
  const [from = 0, to = 0] = node.range ?? [];
  return state.source.position(from, to);
}

function empty(position: Position): ScalarNode {
  return { kind: 'scalar', value: null, text: '', style: 'empty', position, shared: false };
}

function convert(node: Node | null, place: Place, state: Conversion, fallback?: Position): DocumentNode {
  if (!node) return empty(fallback ?? place.alias ?? state.source.position(0, 0));
  const position = positionOf(node, place, state);
  state.nodes += 1;
  if (state.nodes > documentLimits.nodes) {
    if (!state.full) state.report.add('too_many_parts', position, { limit: documentLimits.nodes, what: 'parts' });
    state.full = true;
    return empty(position);
  }
  if (isAlias(node)) return convertAlias(node, position, place, state);
  reportTag(node, position, state);
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (anchor) state.anchors.set(anchor, node);
  const inner: Place = anchor ? { ...place, shared: true } : place;
  state.open.add(node);
  const converted = convertContent(node, inner, position, state);
  state.open.delete(node);
  return converted;
}

function convertContent(node: Node, place: Place, position: Position, state: Conversion): DocumentNode {
  if (isMap(node)) return convertMap(node, place, position, state);
  if (isSeq(node)) {
    const items = (node as YAMLSeq<Node | null>).items.map((item) => convert(item, place, state, position));
    return { kind: 'list', flow: node.flow === true, items, dashes: dashesOf(node), position, shared: place.shared };
  }
  return isScalar(node) ? convertScalar(node, place, position, state) : empty(position);
}

/** Where the dashes of a block list stand; the library tells only of the items behind them. */
function dashesOf({ srcToken }: YAMLSeq): readonly number[] {
  if (srcToken?.type !== 'block-seq') return [];
  return srcToken.items.flatMap(({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset ?? []);
}

function convertAlias(node: Alias, position: Position, place: Place, state: Conversion): DocumentNode {
  state.aliases += 1;
  if (state.aliases > documentLimits.aliases) {
    if (!state.full) state.report.add('too_many_parts', position, { limit: documentLimits.aliases, what: 'aliases' });
    state.full = true;
    return empty(position);
  }
  const slot = place.alias ? undefined : slotAt(state.source.text, position.from);
  if (slot) {
    const reason = 'a leading "*" makes an alias';
    state.report.add('quote_expression', state.source.position(slot.from, slot.to), { reason }, quoted(slot));
    return empty(position);
  }
  const target = state.anchors.get(node.source);
  if (!target) {
    state.report.add('unknown_anchor', position, { name: node.source });
    return empty(position);
  }
  if (state.open.has(target)) {
    state.report.add('alias_cycle', position, { name: node.source });
    return empty(position);
  }
  return convert(target, { shared: true, alias: place.alias ?? position }, state);
}

function reportTag(node: Node, position: Position, state: Conversion): void {
  const tag = 'tag' in node ? node.tag : undefined;
  if (tag === undefined || slotAt(state.source.text, position.from)) return;
  state.report.add('tag', position, { tag });
}

function convertScalar(node: Scalar, place: Place, position: Position, state: Conversion): ScalarNode {
  const { value } = node;
  const plain = node.type === 'PLAIN';
  const text = plain ? (node.source ?? '') : String(value);
  const block = node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL';
  const style = plain ? (text === '' ? 'empty' : 'plain') : block ? 'block' : 'quoted';
  const shared = place.shared;
  if (typeof value === 'number' && !(Number.isFinite(value) && isExact(value))) {
    state.report.add('number', position, { text });
    return { kind: 'scalar', value: 0, text, style, position, shared };
  }
  const known = value === null || typeof value === 'boolean' || typeof value === 'number';
  return { kind: 'scalar', value: known ? value : String(value), text, style, position, shared };
}

function isExact(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}

function convertMap(node: YAMLMap, place: Place, position: Position, state: Conversion): DocumentNode {
  const entries = new Map<string, MapEntry>();
  for (const pair of node.items) {
    const keyNode = pair.key as Node | null;
    const keyPosition = keyNode ? positionOf(keyNode, place, state) : position;
    const key = keyOf(keyNode, keyPosition, state);
    const value = convert(pair.value as Node | null, place, state, endOf(keyPosition, state));
    if (key === undefined) continue;
    const earlier = entries.get(key);
    if (key === '<<') state.report.add('merge_key', keyPosition, {});
    else if (earlier) state.report.add('duplicate_key', keyPosition, { key, line: earlier.keyPosition.line });
    else entries.set(key, { key, keyPosition, value });
  }
  return { kind: 'map', flow: node.flow === true, entries: [...entries.values()], position, shared: place.shared };
}

function endOf(position: Position, state: Conversion): Position {
  return state.source.position(position.to, position.to);
}

function keyOf(key: Node | null, position: Position, state: Conversion): string | undefined {
  if (isScalar(key) && key.type !== 'BLOCK_LITERAL' && key.type !== 'BLOCK_FOLDED') {
    if ('tag' in key) reportTag(key, position, state);
    if (key.anchor) state.anchors.set(key.anchor, key);
    const text = key.type === 'PLAIN' ? (key.source ?? '') : String(key.value);
    if (text !== '') return text;
  }
  const actual = isMap(key) ? 'a map' : isSeq(key) ? 'a list' : isAlias(key) ? 'an alias' : 'empty';
  state.report.add('key_not_text', position, { actual });
  return undefined;
}

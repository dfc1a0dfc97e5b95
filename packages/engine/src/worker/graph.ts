import type { Json } from '@counterpoint/core';
import type { ValueReference } from './value-reference.ts';

/**
 * A structure of plain objects, lists, maps and sets as JSON, in which what is shared or refers back stays so. `nodes`
 * are the containers; a value is a primitive, or a list: `[n]` the n-th node, `["b", id, size]` a value that lies in a
 * blob, and `["u"]`, `["h"]`, `["n", digits]`, `["f", text]` what JSON lacks (undefined, a hole, a bigint, a number
 * such as -0).
 */
export interface Graph {
  readonly root: Json;
  /** Each begins with its kind: `o` an object, `p` one without prototype, `a` a list, `m` a map, `s` a set. */
  readonly nodes: readonly (readonly Json[])[];
}

const HOLE: Json = ['h'];
const UNDEFINED: Json = ['u'];

/**
 * Writes a structure as a {@link Graph}.
 *
 * @param referenceOf which objects lie in a blob, so that they need not be written
 * @throws TypeError for anything else, such as a class of its own
 */
export function encodeGraph(value: unknown, referenceOf: (value: object) => ValueReference | undefined): Graph {
  const nodes: Json[][] = [];
  const known = new Map<object, number>();
  const write = (part: unknown): Json => {
    if (typeof part === 'object' && part !== null) {
      const at = known.get(part);
      if (at !== undefined) return [at];
      const reference = referenceOf(part);
      return reference ? ['b', reference.id, reference.size] : [writeNode(part)];
    }
    return writePrimitive(part);
  };
  const writeNode = (part: object): number => {
    const node: Json[] = [];
    const at = nodes.push(node) - 1;
    known.set(part, at);
    fillNode(node, part, write);
    return at;
  };
  return { root: write(value), nodes };
}

function writePrimitive(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : ['f', printed(value)];
  if (typeof value === 'bigint') return ['n', String(value)];
  if (value === undefined) return UNDEFINED;
  throw new TypeError(`a ${typeof value} cannot be part of a snapshot`);
}

function printed(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function fillNode(node: Json[], part: object, write: (part: unknown) => Json): void {
  if (Array.isArray(part)) {
    node.push('a');
    for (let index = 0; index < part.length; index++) node.push(index in part ? write(part[index]) : HOLE);
  } else if (part instanceof Map) {
    node.push('m');
    for (const [key, value] of part) node.push(write(key), write(value));
  } else if (part instanceof Set) {
    node.push('s');
    for (const value of part) node.push(write(value));
  } else {
    const prototype = Object.getPrototypeOf(part);
    if (prototype !== Object.prototype && prototype !== null)
      throw new TypeError(`a ${part.constructor.name} cannot be part of a snapshot`);
    node.push(prototype === null ? 'p' : 'o');
    for (const [key, value] of Object.entries(part)) node.push(key, write(value));
  }
}

/** The blobs that a graph refers to. */
export function referencesOf({ root, nodes }: Graph): ValueReference[] {
  return [root, ...nodes.flatMap((node) => node.slice(1))].flatMap((value) =>
    Array.isArray(value) && value[0] === 'b' ? { id: String(value[1]), size: Number(value[2]) } : [],
  );
}

/** Reads what {@link encodeGraph} wrote. @param values what lies in blobs, by id */
export function reviveGraph({ root, nodes }: Graph, values: ReadonlyMap<string, Json>): unknown {
  const revived = nodes.map(newContainer);
  const read = (value: Json | undefined): unknown => {
    if (!Array.isArray(value)) return value;
    const [tag, text] = value;
    if (typeof tag === 'number') return revived[tag];
    if (tag === 'b') return values.get(String(text));
    if (tag === 'n') return BigInt(String(text));
    return tag === 'f' ? Number(text) : undefined;
  };
  for (const [index, node] of nodes.entries()) fillContainer(revived[index] as object, node, read);
  return read(root);
}

function newContainer([kind]: readonly Json[]): object {
  if (kind === 'a') return [];
  if (kind === 'm') return new Map();
  if (kind === 's') return new Set();
  return kind === 'p' ? Object.create(null) : {};
}

function fillContainer(container: object, node: readonly Json[], read: (value: Json | undefined) => unknown): void {
  if (Array.isArray(container)) {
    container.length = node.length - 1;
    for (let index = 1; index < node.length; index++) {
      const value = node[index];
      if (!(Array.isArray(value) && value[0] === 'h')) container[index - 1] = read(value);
    }
    return;
  }
  if (container instanceof Set) {
    for (const value of node.slice(1)) container.add(read(value));
    return;
  }
  for (let index = 1; index < node.length; index += 2) {
    const value = read(node[index + 1]);
    if (container instanceof Map) container.set(read(node[index]), value);
    else Object.defineProperty(container, String(node[index]), { value, ...ORDINARY });
  }
}

const ORDINARY = { writable: true, enumerable: true, configurable: true };

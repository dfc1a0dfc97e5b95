import { type DocumentNode, entryOf, fieldOf, type MapNode } from '../document/node.ts';
import { shorten, textAt } from './words.ts';

/** A place for steps in a map: a key that holds them, or would. */
export interface StepList {
  readonly name: string;
  readonly label: string;
  readonly branch: string;
  /** The map that the key stands in, or would stand in; undefined: not even that is written. */
  readonly holder: MapNode | undefined;
  readonly key: string;
  /** What stands behind the key; undefined: it is not written. */
  readonly value: DocumentNode | undefined;
  /** Whether the steps stand in it without any other place for them. */
  readonly needed: boolean;
}

type Make = (node: MapNode) => readonly StepList[];

function list(
  holder: MapNode | undefined,
  key: string,
  name: string,
  label: string,
  branch: string,
  needed = false,
): StepList {
  return { name, label, branch, holder, key, value: fieldOf(holder, key), needed };
}

const ofIf: Make = (node) => {
  const others = itemsAt(node, 'elif').map((item, index) => {
    const holder = item.kind === 'map' ? item : undefined;
    return list(holder, 'then', `elif:${index}`, shorten(`else if ${textAt(item, 'if')}`), `${index + 1}`, true);
  });
  return [list(node, 'then', 'then', 'then', '0', true), ...others, list(node, 'else', 'else', 'else', '-1')];
};

const ofSwitch: Make = (node) => [
  ...entriesAt(node, 'cases').map(([holder, key], index) => list(holder, key, `case:${key}`, key, `${index}`, true)),
  list(node, 'default', 'default', 'otherwise', '-1'),
];

const ofParallel: Make = (node) =>
  entriesAt(node, 'parallel').map(([holder, key]) => list(holder, key, `branch:${key}`, key, key, true));

const ofLoop: Make = (node) => [list(node, 'do', 'do', 'do', 'do', true)];

const ofTry: Make = (node) => {
  const catches = itemsAt(node, 'catch').map((item, index) => {
    const holder = item.kind === 'map' ? item : undefined;
    return list(holder, 'do', `catch:${index}`, catchLabel(item), `catch ${index}`, true);
  });
  return [
    list(node, 'try', 'try', 'try', 'body', true),
    ...(catches.length > 0 ? catches : [list(undefined, 'do', 'catch:0', 'on any error', 'catch 0')]),
    list(node, 'finally', 'finally', 'finally', 'finally'),
  ];
};

const BY_VERB: Readonly<Record<string, Make>> = {
  if: ofIf,
  switch: ofSwitch,
  parallel: ofParallel,
  foreach: ofLoop,
  while: ofLoop,
  until: ofLoop,
  try: ofTry,
};

/** The lists of steps that a step of this verb has or could have, in the order of the document. */
export function listsOfStep(node: MapNode, verb: string): readonly StepList[] {
  return Object.hasOwn(BY_VERB, verb) ? (BY_VERB[verb]?.(node) ?? []) : [];
}

/** The lists of steps of a document. */
export function listsOfDocument(node: MapNode, kind: 'playbook' | 'reaction'): readonly StepList[] {
  if (kind === 'reaction') return [list(node, 'do', 'do', 'Steps', 'do', true)];
  return [
    list(node, 'steps', 'steps', 'Steps', 'steps', true),
    list(node, 'on_error', 'on_error', 'On error', 'on_error'),
    list(node, 'on_cancel', 'on_cancel', 'On cancel', 'on_cancel'),
    list(node, 'finally', 'finally', 'Finally', 'finally'),
  ];
}

function itemsAt(node: MapNode, field: string): readonly DocumentNode[] {
  const value = fieldOf(node, field);
  return value?.kind === 'list' ? value.items : [];
}

function entriesAt(node: MapNode, field: string): readonly (readonly [MapNode, string])[] {
  const value = entryOf(node, field)?.value;
  return value?.kind === 'map' ? value.entries.map(({ key }) => [value, key] as const) : [];
}

function catchLabel(item: DocumentNode): string {
  const on = fieldOf(item, 'on');
  if (on?.kind !== 'list') return 'on any error';
  return `on ${on.items.map((one) => (one.kind === 'scalar' ? one.text : '…')).join(', ')}`;
}

import { entryOf, type MapNode } from '../document/node.ts';
import { errors } from '../errors.ts';
import { endOf } from '../outline/steps.ts';
import type { Editing } from './context.ts';
import type { TextChange } from './edit.ts';
import type { LineSplice } from './lines.ts';

/** Gives `uses` one more alias. @throws playbook.edit_fixed */
export function addUse(
  alias: string,
  name: string,
  editing: Editing,
): { readonly splices: readonly LineSplice[]; readonly changes: readonly TextChange[] } {
  const { root, document } = editing.read;
  const entry = entryOf(root, 'uses');
  const { source } = document;
  const lineOf = (offset: number): number => source.position(offset, offset).line;
  if (!entry) {
    if (!root || root.flow) throw errors.edit_fixed({ slot: 'uses' });
    return {
      splices: [{ at: lineOf(endOf(about(root), source)), remove: 0, insert: ['uses:', `  ${alias}: ${name}`] }],
      changes: [],
    };
  }
  const { value, keyPosition } = entry;
  if (value.kind === 'scalar' && value.style === 'empty' && !value.shared && !root?.flow) {
    const insert = [`${' '.repeat(keyPosition.column + 1)}${alias}: ${name}`];
    return { splices: [{ at: lineOf(keyPosition.from), remove: 0, insert }], changes: [] };
  }
  if (value.kind !== 'map' || value.shared) throw errors.edit_fixed({ slot: 'uses' });
  if (value.flow) {
    const last = value.entries.at(-1);
    // Behind the last one: what follows it may be a comma or a comment.
    const change = last
      ? { from: last.value.position.to, to: last.value.position.to, insert: `, ${alias}: ${name}` }
      : { from: value.position.from + 1, to: value.position.to - 1, insert: ` ${alias}: ${name} ` };
    return { splices: [], changes: [change] };
  }
  const column = (value.entries[0]?.keyPosition.column ?? keyPosition.column + 2) - 1;
  const insert = [`${' '.repeat(column)}${alias}: ${name}`];
  return { splices: [{ at: lineOf(endOf(value, source)), remove: 0, insert }], changes: [] };
}

/** The part of a document that says what it is: `uses` stands behind it. */
function about(root: MapNode): MapNode {
  const fields = ['kind', 'id', 'title', 'description', 'mode', 'site'];
  const first = root.entries.findIndex(({ key }) => !fields.includes(key));
  return { ...root, entries: root.entries.slice(0, first === -1 ? undefined : Math.max(1, first)) };
}

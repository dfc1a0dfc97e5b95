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
  if (value.kind !== 'map' || value.shared) throw errors.edit_fixed({ slot: 'uses' });
  if (value.flow) {
    const brace = value.position.from + source.text.slice(value.position.from, value.position.to).lastIndexOf('}');
    const head = source.text.slice(0, brace).trimEnd();
    const insert =
      value.entries.length === 0 ? ` ${alias}: ${name} ` : `${head.endsWith(',') ? '' : ','} ${alias}: ${name}`;
    return {
      splices: [],
      changes: [{ from: head.length, to: value.entries.length === 0 ? brace : head.length, insert }],
    };
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

import { stringify } from 'yaml';
import { entryOf } from '../document/node.ts';
import { errors } from '../errors.ts';
import { endOf } from '../outline/steps.ts';
import type { Editing } from './context.ts';
import type { TextChange } from './edit.ts';

/** Gives a document another title. @throws playbook.edit_fixed */
export function setTitle(title: string, { read, lines }: Editing): readonly TextChange[] {
  const { root, document } = read;
  const { source } = document;
  const written = asScalar(title, root?.flow === true);
  const entry = entryOf(root, 'title');
  if (entry) {
    const { value } = entry;
    if (value.kind !== 'scalar' || value.shared) throw errors.edit_fixed({ slot: 'title' });
    const to = endOf(value, source);
    const from = value.style === 'empty' ? source.text.indexOf(':', entry.keyPosition.to) + 1 : value.position.from;
    return [{ from, to: Math.max(from, to), insert: value.style === 'empty' ? ` ${written}` : written }];
  }
  const id = entryOf(root, 'id');
  if (!id || root?.flow) throw errors.edit_fixed({ slot: 'title' });
  const at = endOf(id.value, source);
  return [{ from: at, to: at, insert: `${lines.eol}title: ${written}` }];
}

/** A text as YAML on one line: plain where that says the same. */
function asScalar(text: string, inFlow: boolean): string {
  const line = stringify(text, { lineWidth: 0, version: '1.2' }).trimEnd();
  return inFlow || line.includes('\n') || text.includes('${{') ? JSON.stringify(text) : line;
}

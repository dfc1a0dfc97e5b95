import { errors } from '../errors.ts';
import { isName } from '../grammar/fields.ts';
import { type Editing, freeName, stepOf } from './context.ts';
import type { TextChange } from './edit.ts';
import { type Reference, referencesIn } from './references.ts';

/** Gives a step another id, everywhere. @throws playbook.edit_unknown_step, edit_name_invalid, edit_name_taken, edit_unclear */
export function renameStep(address: string, name: string, editing: Editing): readonly TextChange[] {
  const { step } = stepOf(editing, address);
  demandName(name, editing, step.name);
  if (!step.namePosition) throw errors.edit_unreadable({ reason: `line ${step.line}: the step has no id` });
  if (step.name === name) return [];
  return replaced(new Map([[step.name, name]]), editing, { from: 0, to: Number.POSITIVE_INFINITY });
}

/** @throws playbook.edit_name_invalid, playbook.edit_name_taken */
export function demandName(name: string, { ids }: Editing, own?: string): void {
  if (!isName(name)) throw errors.edit_name_invalid({ name: JSON.stringify(name) });
  if (ids.has(name) && name !== own) throw errors.edit_name_taken({ name });
}

/** Names that a copy of these steps can have. */
export function copyNames(names: readonly string[], { ids }: Editing): ReadonlyMap<string, string> {
  const taken = new Set(ids);
  return new Map(
    names.map((name) => {
      const free = freeName(name.replace(/_\d+$/, ''), taken);
      taken.add(free);
      return [name, free];
    }),
  );
}

/** Replaces the ids of steps, and what names them, within a stretch of the text. @throws playbook.edit_unclear */
export function replaced(
  names: ReadonlyMap<string, string>,
  { read }: Editing,
  within: { readonly from: number; readonly to: number },
): readonly TextChange[] {
  const { root, document, steps } = read;
  if (!root) return [];
  const { source } = document;
  const own: Reference[] = [...steps.values()].flatMap(({ name, namePosition }) => {
    if (!namePosition) return [];
    const { from, to, line } = namePosition;
    const raw = source.text.slice(from, to);
    const at = from + (raw.startsWith('"') || raw.startsWith("'") ? 1 : 0);
    return [{ name, from: at, to: at + name.length, line, clear: source.text.slice(at, at + name.length) === name }];
  });
  const changes = new Map<number, TextChange>();
  for (const { name, from, to, line, clear } of [...own, ...referencesIn(root, source)]) {
    const insert = names.get(name);
    if (insert === undefined || from < within.from || to > within.to) continue;
    if (!clear) throw errors.edit_unclear({ name, line });
    changes.set(from, { from, to, insert });
  }
  return [...changes.values()].sort((a, b) => a.from - b.from);
}

import { isCounterpointError } from '@counterpoint/core';
import type { Catalogue } from '../catalogue.ts';
import { addUse } from '../edit/add-use.ts';
import { beginEdit, type Editing } from '../edit/context.ts';
import { applyChanges, type TextChange } from '../edit/edit.ts';
import { changesOf } from '../edit/lines.ts';
import { aliasOf } from '../edit/skeleton.ts';
import { outlineDocument } from '../outline/outline-document.ts';
import type { CompletionOption } from './completion.ts';
import { type Aliased, actionsOf } from './values.ts';

/**
 * The actions of connectors and capabilities that `uses` does not have, each with the change that gives it an alias there;
 * none where the text is too broken for that, or `uses` is shared by an anchor.
 */
export function otherActions(text: string, catalogue: Catalogue): readonly CompletionOption[] {
  try {
    const editing = beginEdit(text, catalogue);
    const missing = missingIn(editing, catalogue);
    const [first] = missing;
    if (!first || !leadsThere(first, text, useFor(first, editing))) return [];
    return missing.flatMap((one) => {
      const also = useFor(one, editing);
      return actionsOf(one, catalogue).map((option) => ({ ...option, also }));
    });
  } catch (error) {
    if (isCounterpointError(error)) return [];
    throw error;
  }
}

function missingIn({ read }: Editing, catalogue: Catalogue): readonly Aliased[] {
  const { uses } = read.outline;
  const connectors = [...catalogue.connectors.keys()].map((connector) => ({ connector, capability: undefined }));
  const capabilities = [...catalogue.capabilities.keys()].map((capability) => ({ capability, connector: undefined }));
  return [...connectors, ...capabilities].flatMap((wanted) => {
    const { alias, isNew } = aliasOf(wanted, uses, catalogue);
    return isNew ? [{ alias, capability: wanted.capability ?? '', connector: wanted.connector ?? '' }] : [];
  });
}

/** @throws playbook.edit_fixed */
function useFor({ alias, capability, connector }: Aliased, editing: Editing): readonly TextChange[] {
  const { splices, changes } = addUse(alias, capability || connector, editing);
  return [...changesOf(editing.lines, splices), ...changes];
}

/** Whether a change gives `uses` the alias indeed; what is true of one is true of all, which differ in their names only. */
function leadsThere({ alias }: Aliased, text: string, changes: readonly TextChange[]): boolean {
  return outlineDocument(applyChanges(text, changes)).uses.some((use) => use.alias === alias);
}

import { useEffect, useState, useSyncExternalStore } from 'react';
import { createEditing, type Editing, type EditingOptions, type Standing } from './editing.ts';
import type { EditorModel, EditorSnapshot } from './editor-model.ts';

/** Opens a playbook for editing as long as the component is shown, with the options that it had first. */
export function useEditing(options: EditingOptions): Editing | undefined {
  const [editing, setEditing] = useState<Editing>();
  const [first] = useState(options);
  useEffect(() => {
    const made = createEditing(first);
    setEditing(made);
    return () => made.destroy();
  }, [first]);
  return editing;
}

/** What is shown around the text. */
export function useSnapshot(model: EditorModel): EditorSnapshot {
  return useSyncExternalStore(model.subscribe, model.snapshot);
}

/** How the text stands to the server. */
export function useStanding(editing: Editing): Standing {
  return useSyncExternalStore(editing.standing.subscribe, editing.standing.get);
}

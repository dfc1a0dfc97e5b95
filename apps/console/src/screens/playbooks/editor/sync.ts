import { type Editing, readSaved } from './editing.ts';

/**
 * Reads what the server has now, after a publication, a roll-back or a discarded draft.
 *
 * @param keep whether the text stays that of the editor (`mine`), or becomes that of the server (`theirs`).
 */
export async function syncWithServer(editing: Editing, keep: 'mine' | 'theirs'): Promise<void> {
  const saved = await readSaved(editing.id);
  // A playbook that was never published and whose draft is gone has no text on the server.
  const text = keep === 'mine' || saved.source === '' ? editing.model.text() : saved.source;
  // A draft that is dropped takes along what it changed in tests; one that is published has it stay.
  editing.takeOver(text, saved.source === '' ? { ...saved, source: text } : saved, keep === 'theirs' ? 'back' : 'stay');
  if (saved.rev === 0) editing.model.settleTests();
}

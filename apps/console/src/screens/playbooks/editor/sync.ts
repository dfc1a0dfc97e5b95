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
  const standing = saved.source === '' ? { ...saved, source: text } : saved;
  if (keep === 'theirs') editing.giveUp(text, standing);
  else editing.takeOver(text, standing);
}

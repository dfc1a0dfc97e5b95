/** What a person has seen, where nothing on the server tells: kept by this browser. */
export type Note = 'played' | 'why' | 'dismissed';

const listeners = new Set<() => void>();
const keyOf = (note: Note) => `cp-first-steps-${note}`;

/** Remembers that something was seen or put away. */
export function noteDone(note: Note): void {
  window.localStorage.setItem(keyOf(note), 'yes');
  for (const listener of listeners) listener();
}

/** Whether something was seen or put away. */
export function isNoted(note: Note): boolean {
  return window.localStorage.getItem(keyOf(note)) === 'yes';
}

/** Calls `listener` when something is noted; gives the way to stop. */
export function onNotes(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

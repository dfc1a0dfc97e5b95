import { showDone, showWarning } from '../../ui/notices.tsx';
import { undoneWords } from './effect-words.ts';

/** Says what became of an undo; with a warning, and why, when not all of it was undone. */
export function tellUndone(result: Parameters<typeof undoneWords>[0]): void {
  const { what, why } = undoneWords(result);
  if (why === '') showDone(what);
  else showWarning(what, why);
}

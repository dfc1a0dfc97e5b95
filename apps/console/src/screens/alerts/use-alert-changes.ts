import { useCallback } from 'react';
import { client } from '../../app/client.ts';
import { refresh } from '../../app/use-api.ts';
import { showDone, showError } from '../../ui/notices.tsx';
import {
  changedWords,
  inParts,
  type Outcome,
  type OwnChange,
  ownChanges,
  takenBack,
  type Wish,
} from './alert-changes.ts';

/** What is read anew when alerts changed. Not the queue: its rows are changed where they stand. */
const STALE = ['alertFacets', 'getAlert', 'getCase', 'listCases', 'listCaseEntries'] as const;

const NOTHING = () => {};

/**
 * Changes alerts, however many, and offers to take it back. What was done before something went wrong is told and can be
 * taken back, too.
 *
 * @param onChanged hears what each alert is now, also after it was taken back; give a function that does not change.
 */
export function useAlertChanges(onChanged: (changes: readonly OwnChange[]) => void = NOTHING) {
  return useCallback(
    async (wish: Wish, onProgress: (done: number) => void = NOTHING): Promise<Outcome | undefined> => {
      const items: Outcome['items'] = [];
      const perform = async (part: Wish) => {
        const outcome = await client.updateAlerts({ body: part });
        onChanged(ownChanges(outcome, part));
        return outcome;
      };
      const undo = async () => {
        for (const back of takenBack({ items }, wish).flatMap(inParts)) await perform(back);
        await refresh(STALE);
      };
      try {
        for (const part of inParts(wish)) {
          items.push(...(await perform(part)).items);
          onProgress(items.length);
        }
      } catch (error) {
        showError(error);
      }
      if (items.length > 0) showDone(changedWords({ items }, wish), undo);
      await refresh(STALE);
      return items.length === wish.ids.length ? { items } : undefined;
    },
    [onChanged],
  );
}

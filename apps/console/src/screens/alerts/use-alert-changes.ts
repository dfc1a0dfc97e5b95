import type { CallArguments } from '@counterpoint/sdk';
import { useCallback } from 'react';
import { client } from '../../app/client.ts';
import { useAction } from '../../app/use-api.ts';
import { changedWords, type OwnChange, ownChanges, takenBack } from './alert-changes.ts';

/** What is read anew when alerts changed. Not the queue: its rows are changed where they stand. */
const STALE = ['alertFacets', 'getAlert', 'getCase', 'listCases', 'listCaseEntries'] as const;

const NOTHING = () => {};

/**
 * Changes alerts, and offers to take it back.
 *
 * @param onChanged hears what each alert is now, also after it was taken back; give a function that does not change.
 */
export function useAlertChanges(onChanged: (changes: readonly OwnChange[]) => void = NOTHING) {
  const { mutateAsync } = useAction('updateAlerts', {
    done: (result, { body }) => changedWords(result, body),
    undo: async (result, { body }) => {
      for (const back of takenBack(result, body)) {
        onChanged(ownChanges(await client.updateAlerts({ body: back }), back));
      }
    },
    onDone: (result, { body }) => onChanged(ownChanges(result, body)),
    refresh: STALE,
  });
  return useCallback(
    (body: CallArguments<'updateAlerts'>['body']) => mutateAsync({ body }).catch(() => undefined),
    [mutateAsync],
  );
}

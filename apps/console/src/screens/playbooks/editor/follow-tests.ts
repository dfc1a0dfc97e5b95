import { isCounterpointError } from '@counterpoint/core';
import { client } from '../../../app/client.ts';
import { isSessionLost, onSessionState, sessionState } from '../../../app/session-state.ts';
import { refresh } from '../../../app/use-api.ts';
import { showDone, showError, showWarning } from '../../../ui/notices.tsx';
import { createTestFollower, type Followed, type TestFollower } from './test-follower.ts';

const FIRST_AGAIN = 1_000;
const LONGEST_AGAIN = 30_000;

/** Keeps the tests of a playbook in step with its text, and says what became of them. */
export function followTests(id: string): TestFollower {
  return createTestFollower({
    desk: {
      list: async () => (await client.listPlaybookTests({ id })).items,
      save: (name, source, rev) => client.savePlaybookTest({ id, name, body: { source, rev } }),
      remove: (name, rev) => client.deletePlaybookTest({ id, name, query: { rev } }),
    },
    onDone: tell,
    again,
  });
}

function tell({ done, left }: Followed): void {
  if (done.length > 0) showDone(`Its tests follow: ${done.join(', ')}`);
  if (left.length > 0) {
    showWarning(
      `Left as it is: ${left.join(', ')}`,
      'Somebody else changed this test at the same place, or deleted it. Look at it under “Tests”.',
    );
  }
  void refresh(['listPlaybookTests']);
}

/** Waits until it is worth trying again: for the server, or for somebody to sign in. */
async function again(error: unknown, times: number): Promise<boolean> {
  if (isSessionLost(error)) await signedIn();
  else if (isCounterpointError(error) && error.retryable)
    await pause(Math.min(FIRST_AGAIN * 2 ** times, LONGEST_AGAIN));
  else {
    showError(error);
    return false;
  }
  return true;
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

function signedIn(): Promise<void> {
  return new Promise((resolve) => {
    const stop = onSessionState(() => {
      if (sessionState() !== 'open') return;
      stop();
      resolve();
    });
  });
}

import { Button } from '@mantine/core';
import { IconArrowsDiff, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useMay } from '../../../app/session.tsx';
import { refresh } from '../../../app/use-api.ts';
import { useGo } from '../../../ui/app-link.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { showDone, showError } from '../../../ui/notices.tsx';
import type { ListedRun } from './run-columns.tsx';

interface BulkProps {
  readonly chosen: readonly ListedRun[];
  readonly clear: () => void;
}

type Wish = 'again' | 'cancel';

/** Does the same to several runs, one after the other; says how many it worked for, and why not for the first that refused. */
async function each(
  runs: readonly ListedRun[],
  act: (run: ListedRun) => Promise<unknown>,
  done: string,
): Promise<void> {
  let worked = 0;
  let refused: unknown;
  for (const run of runs) {
    try {
      await act(run);
      worked += 1;
    } catch (error) {
      refused ??= error;
    }
  }
  if (worked > 0) showDone(`${worked} of ${runs.length} runs ${done}`);
  if (refused !== undefined) showError(refused);
  await refresh(['listRuns']);
}

/** Buttons for the runs that were chosen in the list. */
export function BulkActions({ chosen, clear }: BulkProps) {
  const go = useGo();
  const may = useMay('playbook:run');
  const [wish, setWish] = useState<Wish>();
  const live = chosen.filter(({ ended_at, site }) => ended_at === null && site === '');
  const act = async (reason: string) => {
    if (wish === 'again') await each(chosen, ({ id }) => client.rerunRun({ id, body: { reason } }), 'begun again');
    else await each(live, ({ id }) => client.cancelRun({ id, body: { reason } }), 'cancelled');
    clear();
  };
  const [a, b] = chosen;
  return (
    <>
      {chosen.length === 2 && a && b && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconArrowsDiff size={14} />}
          onClick={() => go(`/runs/compare?a=${a.id}&b=${b.id}`)}
        >
          Compare
        </Button>
      )}
      {may && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconRefresh size={14} />}
          onClick={() => setWish('again')}
        >
          Run again
        </Button>
      )}
      {may && live.length > 0 && (
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          leftSection={<IconPlayerStop size={14} />}
          onClick={() => setWish('cancel')}
        >
          Cancel {live.length}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
        Clear
      </Button>
      <Confirm
        opened={wish !== undefined}
        onClose={() => setWish(undefined)}
        title={wish === 'again' ? `Run ${chosen.length} again?` : `Cancel ${live.length} runs?`}
        verb={wish === 'again' ? 'Run again' : 'Cancel runs'}
        danger={wish === 'cancel'}
        reason="required"
        onConfirm={act}
      >
        {wish === 'again'
          ? 'Each begins from the start with its old event and inputs, in the current version of its playbook.'
          : 'Their open steps end. What they have changed already stays until its time is up or somebody undoes it.'}
      </Confirm>
    </>
  );
}

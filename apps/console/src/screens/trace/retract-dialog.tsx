import { Checkbox, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useAction } from '../../app/use-api.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { ForeseenList } from '../effects/foreseen-list.tsx';
import { tellUndone } from '../effects/tell-undone.ts';

interface RetractDialogProps {
  /** What turned out to be wrong; undefined: the dialog is closed. */
  readonly of: { readonly ref: string; readonly words: string } | undefined;
  readonly onClose: () => void;
}

function useForesight(ref: string | undefined, waiting: boolean) {
  return useQuery({
    queryKey: ['foreseen', 'retract', ref, waiting],
    queryFn: async () => {
      const body = { reason: 'looking ahead', dry_run: true, waiting };
      return (await client.retract({ ref: ref ?? '', body })).foreseen;
    },
    enabled: ref !== undefined,
    gcTime: 0,
    staleTime: 0,
  });
}

/** Takes back everything that something caused: shows first what would be undone, thrown away and cancelled. */
export function RetractDialog({ of, onClose }: RetractDialogProps) {
  const [waiting, setWaiting] = useState(true);
  const foreseen = useForesight(of?.ref, waiting);
  const retract = useAction('retract', {
    onDone: tellUndone,
    refresh: ['trace', 'listEffects', 'countEffects', 'getEffect', 'listRuns', 'getRun'],
  });
  return (
    <Confirm
      opened={of !== undefined}
      onClose={onClose}
      title="Take back everything that this caused?"
      verb="Take it back"
      danger
      reason="required"
      onConfirm={(reason) => retract.mutateAsync({ ref: of?.ref ?? '', body: { reason, waiting } })}
    >
      <Stack gap="sm">
        {of && (
          <Text size="sm" component="div">
            <Untrusted text={of.words} longest={200} />
          </Text>
        )}
        <Checkbox
          size="sm"
          label="Also cancel runs that have not ended, and throw away what reactions hold back"
          checked={waiting}
          onChange={(event) => setWaiting(event.currentTarget.checked)}
        />
        {foreseen.isPending && <LoadingRows rows={2} />}
        {foreseen.error && <ErrorPanel error={foreseen.error} retry={() => foreseen.refetch()} />}
        {foreseen.data && <ForeseenList items={foreseen.data.effects} />}
        {foreseen.data && foreseen.data.runs.length > 0 && (
          <Text size="sm" component="div">
            Cancelled: <Untrusted text={foreseen.data.runs.map(({ playbook }) => playbook).join(', ')} longest={300} />
          </Text>
        )}
        {foreseen.data && foreseen.data.held.length > 0 && (
          <Text size="sm" component="div">
            Thrown away:{' '}
            <Untrusted
              text={[...new Set(foreseen.data.held.map(({ reaction }) => reaction))].join(', ')}
              longest={300}
            />{' '}
            ({foreseen.data.held.length.toLocaleString('en')} events)
          </Text>
        )}
      </Stack>
    </Confirm>
  );
}

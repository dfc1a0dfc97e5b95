import type { CallArguments, CallResult } from '@counterpoint/sdk';
import { Alert, Group, Radio, ScrollArea, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useAction } from '../../../app/use-api.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { ListState } from './list-state.ts';
import { canReplay, replayFilter } from './replay-filter.ts';

type Body = CallArguments<'replayRuns'>['body'];
type Verb = NonNullable<Body['verb']>;

interface ReplayProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly state: ListState;
  readonly now: number;
}

/** Begins all ended runs of the list's filter again: shows first which ones. */
export function ReplayDialog({ opened, onClose, state, now }: ReplayProps) {
  const [verb, setVerb] = useState<Verb>('rerun');
  const filter = replayFilter(state, now);
  const foreseen = useQuery({
    queryKey: ['replayRuns', filter],
    queryFn: () => client.replayRuns({ body: { ...filter, reason: 'looking ahead', preview: true } }),
    enabled: opened && canReplay(state),
    gcTime: 0,
  });
  const replay = useAction('replayRuns', {
    done: (result) => doneWords(result),
    refresh: ['listRuns'],
  });
  const count = foreseen.data?.count ?? 0;
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title="Begin ended runs again?"
      verb={count === 0 ? 'Nothing to begin' : `Begin ${count} again`}
      reason="required"
      onConfirm={async (reason) => {
        if (count > 0) await replay.mutateAsync({ body: { ...filter, verb, reason, preview: false } });
      }}
    >
      <Stack gap="sm">
        <Radio.Group value={verb} onChange={(value) => setVerb(value as Verb)} label="Where from">
          <Group gap="md" mt={4}>
            <Radio value="rerun" label="From the start" />
            <Radio value="retry" label="From the step that failed" />
          </Group>
        </Radio.Group>
        {!canReplay(state) && (
          <Alert color="orange" title="This list is narrowed by more than a replay can be">
            Runs are chosen for a replay by playbook, state, error and time. Clear the other filters, or choose runs one
            by one.
          </Alert>
        )}
        {foreseen.isLoading && <LoadingRows rows={2} />}
        {foreseen.error && <ErrorPanel error={foreseen.error} retry={() => foreseen.refetch()} />}
        {foreseen.data && <Foreseen data={foreseen.data} />}
      </Stack>
    </Confirm>
  );
}

function doneWords({ runs }: CallResult<'replayRuns'>): string {
  const begun = runs.filter(({ run }) => run !== null).length;
  const refused = runs.find(({ problem }) => problem !== null)?.problem;
  return refused ? `${begun} of ${runs.length} begun; refused: ${refused.message}` : `${begun} runs begun again`;
}

function Foreseen({ data }: { readonly data: CallResult<'replayRuns'> }) {
  if (data.count === 0) return <Text size="sm">No ended run fits. Runs that an operator began are left out.</Text>;
  return (
    <div>
      <Text size="sm" mb={4}>
        {data.count === 100 ? 'The 100 oldest' : data.count} with low priority, the oldest first; each once:
      </Text>
      <ScrollArea.Autosize mah={180} tabIndex={0}>
        {data.runs.map(({ of }) => (
          <div key={of}>
            <AppLink to={`/runs/${of}`} size="sm">
              <Untrusted text={of} line />
            </AppLink>
          </div>
        ))}
      </ScrollArea.Autosize>
    </div>
  );
}

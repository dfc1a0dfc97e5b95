import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useAction } from '../../app/use-api.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { ForeseenList } from '../effects/foreseen-list.tsx';

interface CausedPanelProps {
  readonly alert: string;
  /** How many changes of its story are in force. */
  readonly inForce: number;
}

function useForesight(alert: string, enabled: boolean) {
  return useQuery({
    queryKey: ['foreseen', `alert:${alert}`],
    queryFn: () => client.retract({ ref: `alert:${alert}`, body: { reason: 'looking ahead', dry_run: true } }),
    enabled,
    gcTime: 0,
    staleTime: 0,
  });
}

function Foreseen({ alert }: { readonly alert: string }) {
  const seen = useForesight(alert, true);
  if (seen.error) return <ErrorPanel error={seen.error} retry={() => seen.refetch()} />;
  if (!seen.data) return <LoadingRows rows={2} />;
  const { effects, held, runs } = seen.data.foreseen;
  const items = effects.map((one) => ({ ...one, title: `${one.action} ${one.target}` }));
  return (
    <Stack gap="xs">
      <ForeseenList items={items} />
      {runs.length > 0 && (
        <Text size="sm">
          Runs that would be cancelled: <Untrusted text={runs.map(({ playbook }) => playbook).join(', ')} />
        </Text>
      )}
      {held.length > 0 && <Text size="sm">Held events that would be thrown away: {held.length}</Text>}
    </Stack>
  );
}

/** An alert that was found benign, and what it caused that is still in force: the way to take that back. */
export function CausedPanel({ alert, inForce }: CausedPanelProps) {
  const [asked, setAsked] = useState(false);
  const may = useMay('effect:undo');
  const retract = useAction('retract', {
    done: ({ undone, kept, failed }) =>
      `${undone.length} undone${kept.length > 0 ? `, ${kept.length} kept` : ''}${failed.length > 0 ? `, ${failed.length} failed` : ''}`,
    refresh: ['getAlert', 'listEffects', 'countEffects', 'trace'],
  });
  if (inForce === 0) return null;
  return (
    <Alert color="orange" icon={<IconArrowBackUp size={18} aria-hidden />}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          This alert is benign, and {inForce === 1 ? 'a change' : `${inForce} changes`} of its story{' '}
          {inForce === 1 ? 'is' : 'are'} still in force.
        </Text>
        {may && (
          <Button size="compact-sm" color="orange" onClick={() => setAsked(true)}>
            Take back…
          </Button>
        )}
      </Group>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title="Take back what this alert caused?"
        verb="Take back"
        danger
        reason="required"
        onConfirm={(reason) => retract.mutateAsync({ ref: `alert:${alert}`, body: { reason } })}
      >
        {asked && <Foreseen alert={alert} />}
      </Confirm>
    </Alert>
  );
}

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconTornado } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useAction, useApi } from '../../../app/use-api.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Ref } from '../../../ui/ref.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import type { FabricMap } from '../map/map-graph.ts';
import styles from './storm-banner.module.css';
import { counted, stormSubject } from './words.ts';

type Storm = FabricMap['storms'][number];
type Decision = 'release' | 'discard';

const CHANGED = ['fabricMap', 'listBreakers', 'listReactions', 'getReaction', 'listReactionEvents', 'status'] as const;

function Decide({ storm, decision, onClose }: { storm: Storm; decision: Decision | undefined; onClose: () => void }) {
  const decide = useAction('decideStorm', {
    done:
      decision === 'discard'
        ? 'The storm is over; what was held is thrown away'
        : 'The storm is over; what was held goes on',
    refresh: CHANGED,
  });
  const discards = decision === 'discard';
  return (
    <Confirm
      opened={decision !== undefined}
      onClose={onClose}
      title={discards ? 'Throw away what is held?' : 'Let what is held go on?'}
      verb={discards ? `Throw away ${counted(storm.held, 'event')}` : 'Let it go on'}
      danger={discards}
      onConfirm={() => decide.mutateAsync({ id: storm.id, body: { decision: discards ? 'discard' : 'release' } })}
    >
      {discards
        ? 'The events stay in the log and in their traces, but no reaction will act on them. That cannot be taken back.'
        : 'The breaker closes. What is held is acted on at the rate of the reaction, the oldest first; what is too old by then expires.'}
    </Confirm>
  );
}

function StormRow({ storm }: { readonly storm: Storm }) {
  const may = useMay('fabric:operate');
  const [decision, setDecision] = useState<Decision>();
  const { ref, words } = stormSubject(storm.id);
  return (
    <Group justify="space-between" gap="sm" align="flex-start">
      <Stack gap={0} flex={1} miw={200}>
        <Text size="sm" fw={600} component="div" className={styles.words ?? ''}>
          <Ref to={ref}>
            <Untrusted text={words} longest={300} />
          </Ref>{' '}
          · {counted(storm.held, 'event')} held
        </Text>
        <Text size="sm" component="div">
          <Untrusted text={storm.reason} longest={300} /> · <When at={storm.at} />
        </Text>
      </Stack>
      {may && (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setDecision('release')}>
            Let go on
          </Button>
          <Button size="compact-sm" color="red" variant="light" onClick={() => setDecision('discard')}>
            Throw away
          </Button>
        </Group>
      )}
      <Decide storm={storm} decision={decision} onClose={() => setDecision(undefined)} />
    </Group>
  );
}

/** Every storm breaker that is open, where nobody can miss it; nothing while there is none. */
export function StormBanner() {
  const { data } = useApi('fabricMap', {});
  const storms = data?.storms ?? [];
  if (storms.length === 0) return null;
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconTornado aria-hidden />}
      title={`${counted(storms.length, 'storm breaker is', 'storm breakers are')} open`}
      className={styles.banner ?? ''}
    >
      <Stack gap="xs">
        <Text size="sm">
          More events came than anybody meant to act on. They are held until somebody decides; nothing is lost.
        </Text>
        {storms.slice(0, 5).map((storm) => (
          <StormRow key={storm.id} storm={storm} />
        ))}
        {storms.length > 5 && <Text size="sm">and {storms.length - 5} more</Text>}
      </Stack>
    </Alert>
  );
}

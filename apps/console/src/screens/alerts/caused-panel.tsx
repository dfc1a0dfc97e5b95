import { Alert, Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { RetractDialog } from '../trace/retract-dialog.tsx';

interface CausedPanelProps {
  readonly alert: string;
  /** Its title. */
  readonly title: string;
  /** How many changes of its story are in force. */
  readonly inForce: number;
}

/** An alert that was found benign, and what it caused that is still in force: the way to take that back. */
export function CausedPanel({ alert, title, inForce }: CausedPanelProps) {
  const [asked, setAsked] = useState(false);
  const may = useMay('effect:undo');
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
      <RetractDialog of={asked ? { ref: `alert:${alert}`, words: title } : undefined} onClose={() => setAsked(false)} />
    </Alert>
  );
}

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMay } from '../../app/session.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow, When } from '../../ui/when.tsx';
import { lostUndoOf, type WholeChange } from './effect-words.ts';
import { SettleDialog } from './settle-dialog.tsx';

/** What is due within so many milliseconds is about to happen. */
const SOON = 3_000;

function messageOf({ error }: WholeChange): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' ? message : '';
}

/** What goes on by itself, and what does not. */
function Next({ effect, lost }: { readonly effect: WholeChange; readonly lost: boolean }) {
  const now = useNow();
  if (effect.wake_at !== null) {
    if (effect.wake_at - now < SOON) return 'It is about to be tried again.';
    return (
      <>
        It is tried again <When at={effect.wake_at} />.
      </>
    );
  }
  return lost
    ? 'It must not be sent twice, so it is not tried again by itself: look in the product, then say what is so.'
    : 'It is not tried again by itself.';
}

/** An undo that failed: what stands in its way, when it is tried again, and what a person can say about it. */
export function UndoTrouble({ effect }: { readonly effect: WholeChange }) {
  const [settling, settle] = useDisclosure();
  const undoes = useMay('effect:undo');
  if (effect.state !== 'undo_failed') return null;
  const lost = lostUndoOf(effect);
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle />}
      title={lost ? 'Nobody knows whether the undo happened' : 'The undo failed: it is still in force'}
    >
      <Group justify="space-between" gap="sm">
        <Stack gap={2}>
          <Untrusted text={messageOf(effect)} longest={300} />
          <Text size="xs" c="dimmed" component="div">
            <Next effect={effect} lost={lost !== undefined} />
          </Text>
        </Stack>
        {undoes && lost && (
          <Button size="compact-sm" onClick={settle.open}>
            Did the undo happen?
          </Button>
        )}
      </Group>
      <SettleDialog effect={settling ? lost : undefined} undoes onClose={settle.close} />
    </Alert>
  );
}

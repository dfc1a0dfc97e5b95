import { Button, Group, Stack, Text } from '@mantine/core';
import { hideNotification, showNotification } from '@mantine/notifications';
import { isSessionLost } from '../app/session-state.ts';
import { describeError } from './describe-error.ts';
import { plainText } from './untrusted-text.ts';
import { WithCode } from './with-code.tsx';

const LONG_ENOUGH_TO_UNDO = 10_000;
const SHORT = 4_000;

/** Says that something was done; with `undo`, a button that takes it back. */
export function showDone(text: string, undo?: () => Promise<unknown>): void {
  const id = crypto.randomUUID();
  const takeBack = async () => {
    hideNotification(id);
    try {
      await undo?.();
      showDone('Taken back');
    } catch (error) {
      showError(error);
    }
  };
  showNotification({
    id,
    color: 'teal',
    autoClose: undo ? LONG_ENOUGH_TO_UNDO : SHORT,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{plainText(text)}</Text>
        {undo && (
          <Button size="compact-sm" variant="light" onClick={() => void takeBack()}>
            Undo
          </Button>
        )}
      </Group>
    ),
  });
}

/** Says what came out otherwise than wished, and what to do about it. */
export function showWarning(what: string, next: string): void {
  showNotification({
    color: 'orange',
    autoClose: LONG_ENOUGH_TO_UNDO,
    title: plainText(what, 300),
    message: (
      <Text size="sm">
        <WithCode text={plainText(next, 300)} />
      </Text>
    ),
  });
}

/** Says what went wrong with something that people did: what happened, and what to do next. */
export function showError(error: unknown): void {
  // Who is not signed in any longer gets the sign-in dialog instead.
  if (isSessionLost(error)) return;
  const { what, next, code } = describeError(error);
  showNotification({
    color: 'red',
    autoClose: 12_000,
    title: plainText(what, 300),
    message: (
      <Stack gap={2}>
        <Text size="sm">
          <WithCode text={plainText(next, 300)} />
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {code}
        </Text>
      </Stack>
    ),
  });
}

import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { plainText } from './untrusted-text.ts';

interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** What will happen, as a question or a heading: `Undo this block?` */
  readonly title: string;
  /** What follows from it, in plain words. */
  readonly children?: ReactNode;
  /** The verb on the button. */
  readonly verb: string;
  /** Red for what cuts something off or throws something away. Default false. */
  readonly danger?: boolean;
  /** Asks why: `required` until something is written, `optional`, or not at all (default). */
  readonly reason?: 'required' | 'optional';
  /** Does it; the dialog closes when it is done, and stays when it failed. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
}

/** A dialog that says what will happen, asks for a reason where one is kept, and does it. */
export function Confirm({ opened, onClose, title, children, verb, danger = false, reason, onConfirm }: ConfirmProps) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm(text.trim());
      setText('');
      onClose();
    } catch {
      // The error was shown by whoever tried; the dialog stays for another try.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={plainText(title)} size="md" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <Stack gap="sm">
          {typeof children === 'string' ? <Text size="sm">{children}</Text> : children}
          {reason && (
            <Textarea
              label="Why"
              description="Kept in the audit log"
              required={reason === 'required'}
              withAsterisk={reason === 'required'}
              autosize
              minRows={2}
              maxRows={6}
              maxLength={500}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              data-autofocus
            />
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              {...(danger ? { color: 'red.9' } : {})}
              loading={busy}
              disabled={reason === 'required' && text.trim() === ''}
            >
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

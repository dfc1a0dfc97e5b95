import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { Untrusted } from './untrusted.tsx';

interface ConfirmFormProps {
  readonly onClose: () => void;
  /** What follows from it, in plain words, and what is to be chosen. */
  readonly children?: ReactNode;
  /** The verb on the button. */
  readonly verb: string;
  /** The word on the button that changes nothing. Default: `Cancel`. */
  readonly dismiss?: string;
  /** Red for what cuts something off or throws something away. Default false. */
  readonly danger?: boolean;
  /** Asks why: `required` until something is written, `optional`, or not at all (default). */
  readonly reason?: 'required' | 'optional';
  /** What the reason is asked for by. Default: `Why`. */
  readonly asks?: string;
  /** Who will read the reason. Default: that it is kept in the audit log. */
  readonly readBy?: string;
  /** False while something that it needs was not chosen yet. Default true. */
  readonly ready?: boolean;
  /** Does it; the dialog closes when it is done, and stays when it failed. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
}

interface ConfirmProps extends ConfirmFormProps {
  readonly opened: boolean;
  /** What will happen, as a question or a heading: `Undo this block?` May hold words of others. */
  readonly title: string;
}

/** Ctrl-Enter sends a form from within its text. */
function sendByKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

function ConfirmForm({ onClose, children, verb, danger = false, onConfirm, ready = true, ...asked }: ConfirmFormProps) {
  const { reason, asks = 'Why', readBy = 'Kept in the audit log', dismiss = 'Cancel' } = asked;
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const can = ready && !busy && (reason !== 'required' || text.trim() !== '');
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (!can) return;
    setBusy(true);
    try {
      await onConfirm(text.trim());
      onClose();
    } catch {
      // The error was shown by whoever tried; the dialog stays for another try.
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void confirm(event)}>
      <Stack gap="sm">
        {typeof children === 'string' ? <Text size="sm">{children}</Text> : children}
        {reason && (
          <Textarea
            label={asks}
            description={readBy}
            required={reason === 'required'}
            withAsterisk={reason === 'required'}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={500}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={sendByKey}
            data-autofocus
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {dismiss}
          </Button>
          <Button type="submit" {...(danger ? { color: 'red.9' } : {})} loading={busy} disabled={!can && !busy}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A dialog that says what will happen, asks for a reason where one is kept, and does it. Begins empty each time. */
export function Confirm({ opened, title, ...form }: ConfirmProps) {
  return (
    <Modal
      opened={opened}
      onClose={form.onClose}
      title={<Untrusted text={title} longest={140} />}
      size="md"
      centered
      transitionProps={{ exitDuration: 0 }}
    >
      <ConfirmForm {...form} />
    </Modal>
  );
}

import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../app/use-api.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

interface SettleDialogProps {
  /** Undefined: the dialog is closed. */
  readonly effect: { readonly id: string; readonly title: string } | undefined;
  readonly onClose: () => void;
}

function SettleForm({ effect, onClose }: { readonly effect: { readonly id: string }; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const settle = useAction('resolveEffect', {
    done: ({ state }) => (state === 'failed' ? 'Settled: it did not happen' : 'Settled: it happened'),
    refresh: ['listEffects', 'countEffects', 'getEffect'],
    onDone: onClose,
  });
  const say = (happened: boolean) => settle.mutate({ id: effect.id, body: { happened, reason: reason.trim() } });
  const silent = reason.trim() === '';
  return (
    <Stack gap="sm">
      <Text size="sm">
        The answer of the product was lost, and it must not be asked twice. Look there, then say what is so. A run that
        waits for this goes on.
      </Text>
      <Textarea
        label="What you saw"
        description="Kept in the audit log"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="light" color="gray" disabled={silent} loading={settle.isPending} onClick={() => say(false)}>
          It did not happen
        </Button>
        <Button disabled={silent} loading={settle.isPending} onClick={() => say(true)}>
          It happened
        </Button>
      </Group>
    </Stack>
  );
}

/** A person says whether a change of unknown outcome happened. */
export function SettleDialog({ effect, onClose }: SettleDialogProps) {
  return (
    <Modal
      opened={effect !== undefined}
      onClose={onClose}
      title={effect ? <Untrusted text={`Did it happen? ${effect.title}`} longest={140} /> : ''}
      centered
    >
      {effect && <SettleForm effect={effect} onClose={onClose} />}
    </Modal>
  );
}

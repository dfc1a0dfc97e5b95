import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../app/use-api.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

interface ExtendDialogProps {
  /** Undefined: the dialog is closed. */
  readonly effect: { readonly id: string; readonly title: string } | undefined;
  readonly onClose: () => void;
}

const TIMES = [
  { value: '1h', label: '1 hour' },
  { value: '8h', label: '8 hours' },
  { value: '1d', label: '1 day' },
  { value: '7d', label: '7 days' },
  { value: '', label: 'Other' },
];

function ExtendForm({ effect, onClose }: { readonly effect: { readonly id: string }; readonly onClose: () => void }) {
  const [chosen, choose] = useState('1d');
  const [other, setOther] = useState('');
  const [reason, setReason] = useState('');
  const extend = useAction('extendEffect', {
    done: 'You claim it for longer now',
    refresh: ['listEffects', 'countEffects', 'getEffect'],
    onDone: onClose,
  });
  const time = chosen === '' ? other.trim() : chosen;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        extend.mutate({ id: effect.id, body: { for: time, reason: reason.trim() } });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          It stays for this long from now on, beside what others want. An earlier end than theirs changes nothing.
        </Text>
        <SegmentedControl aria-label="For how long" data={TIMES} value={chosen} onChange={choose} fullWidth />
        {chosen === '' && (
          <TextInput
            label="For"
            placeholder="12h, 3d, 90m"
            value={other}
            onChange={(event) => setOther(event.currentTarget.value)}
          />
        )}
        <Textarea
          label="Why"
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
          <Button type="submit" loading={extend.isPending} disabled={time === '' || reason.trim() === ''}>
            Keep it longer
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Claims a change for longer, counted from now. */
export function ExtendDialog({ effect, onClose }: ExtendDialogProps) {
  return (
    <Modal
      opened={effect !== undefined}
      onClose={onClose}
      title={effect ? <Untrusted text={`Keep longer: ${effect.title}`} longest={120} /> : ''}
      centered
    >
      {effect && <ExtendForm effect={effect} onClose={onClose} />}
    </Modal>
  );
}

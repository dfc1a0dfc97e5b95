import { SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../app/use-api.ts';
import { Confirm } from '../../ui/confirm.tsx';

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

/** Claims a change for longer, counted from now. */
export function ExtendDialog({ effect, onClose }: ExtendDialogProps) {
  const [chosen, choose] = useState('1d');
  const [other, setOther] = useState('');
  const extend = useAction('extendEffect', {
    done: 'You claim it for longer now',
    refresh: ['listEffects', 'countEffects', 'getEffect'],
  });
  const time = chosen === '' ? other.trim() : chosen;
  return (
    <Confirm
      opened={effect !== undefined}
      onClose={onClose}
      title={`Keep longer: ${effect?.title ?? ''}`}
      verb="Keep it longer"
      reason="required"
      ready={time !== ''}
      onConfirm={(reason) => extend.mutateAsync({ id: effect?.id ?? '', body: { for: time, reason } })}
    >
      <Stack gap="sm">
        <Text size="sm">
          It stays for this long from now on, beside what others want. An earlier end than theirs changes nothing.
        </Text>
        <SegmentedControl aria-label="For how long" data={TIMES} value={chosen} onChange={choose} fullWidth />
        {chosen === '' && (
          <TextInput
            label="For"
            description="A figure and a unit: 90m, 12h, 3d"
            value={other}
            onChange={(event) => setOther(event.currentTarget.value)}
          />
        )}
      </Stack>
    </Confirm>
  );
}

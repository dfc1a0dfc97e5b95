import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../app/use-api.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { type Happened, HappenedChoice } from './happened-choice.tsx';

interface SettleDialogProps {
  /** Undefined: the dialog is closed. */
  readonly effect: { readonly id: string; readonly title: string } | undefined;
  /** It is an undo: no run waits for it, and it is sent again when it did not happen. Default false. */
  readonly undoes?: boolean;
  readonly onClose: () => void;
}

const LOST =
  'The answer of the product was lost, and it must not be asked twice. Look there, then say what is so. A run that waits for this goes on.';
const LOST_UNDO =
  'The answer of the product to the undo was lost. Look there, then say what is so: when it happened, the change is over; when it did not, it is tried again at once.';

/** A person says whether a change of unknown outcome happened. */
export function SettleDialog({ effect, undoes = false, onClose }: SettleDialogProps) {
  const [happened, setHappened] = useState<Happened>('');
  const settle = useAction('resolveEffect', {
    done: ({ state }) => (state === 'failed' ? 'Settled: it did not happen' : 'Settled: it happened'),
    refresh: ['listEffects', 'countEffects', 'getEffect'],
  });
  const close = () => {
    setHappened('');
    onClose();
  };
  return (
    <Confirm
      opened={effect !== undefined}
      onClose={close}
      title={`Did it happen? ${effect?.title ?? ''}`}
      verb="Say so"
      reason="required"
      asks="What you saw"
      ready={happened !== ''}
      onConfirm={(reason) =>
        settle.mutateAsync({ id: effect?.id ?? '', body: { happened: happened === 'yes', reason } })
      }
    >
      <Stack gap="sm">
        <Text size="sm">{undoes ? LOST_UNDO : LOST}</Text>
        <HappenedChoice value={happened} onChange={setHappened} />
      </Stack>
    </Confirm>
  );
}

import type { CallArguments } from '@counterpoint/sdk';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { useAction } from '../../app/use-api.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { ForeseenList } from './foreseen-list.tsx';
import { tellUndone } from './tell-undone.ts';

/** What is to be undone. */
export type UndoOf = Pick<CallArguments<'undoEffects'>['body'], 'run' | 'case' | 'effects'>;

interface UndoDialogProps {
  /** Undefined: the dialog is closed. */
  readonly of: UndoOf | undefined;
  readonly onClose: () => void;
}

function titleOf({ run, case: ofCase, effects = [] }: UndoOf): string {
  if (run !== undefined) return 'Undo everything that this run did?';
  if (ofCase !== undefined) return 'Undo everything that this case and its runs keep in force?';
  return effects.length === 1 ? 'Undo this change?' : `Undo ${effects.length} changes?`;
}

/** What would happen now; asked anew each time the dialog opens. */
function useForesight(of: UndoOf | undefined) {
  return useQuery({
    queryKey: ['foreseen', of],
    queryFn: async () => {
      const body = { ...of, reason: 'looking ahead', dry_run: true };
      return (await client.undoEffects({ body })).foreseen;
    },
    enabled: of !== undefined,
    gcTime: 0,
    staleTime: 0,
  });
}

/** Undoes changes: shows first what would be undone and what stays, and asks why. */
export function UndoDialog({ of, onClose }: UndoDialogProps) {
  const foreseen = useForesight(of);
  const undo = useAction('undoEffects', {
    refresh: ['listEffects', 'countEffects', 'getEffect', 'trace'],
    onDone: tellUndone,
  });
  return (
    <Confirm
      opened={of !== undefined}
      onClose={onClose}
      title={of ? titleOf(of) : ''}
      verb="Undo"
      danger
      reason="required"
      ready={foreseen.data?.length !== 0}
      onConfirm={(reason) => undo.mutateAsync({ body: { ...of, reason } })}
    >
      {foreseen.isPending && <LoadingRows rows={2} />}
      {foreseen.error && <ErrorPanel error={foreseen.error} retry={() => foreseen.refetch()} />}
      {foreseen.data && <ForeseenList items={foreseen.data} />}
    </Confirm>
  );
}

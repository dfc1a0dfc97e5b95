import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowsExchange, IconZoomCheck } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useApiPages } from '../../app/use-api.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Sorting } from '../../ui/data-table-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { listReading } from '../../ui/list-reading.ts';
import { Page } from '../../ui/page.tsx';
import { useUrlState } from '../../ui/url-state.ts';
import { useNow } from '../../ui/when.tsx';
import { effectColumns } from './effect-columns.tsx';
import { EffectFilters } from './effect-filters.tsx';
import { EffectTiles } from './effect-tiles.tsx';
import { type Change, mayBeUndone } from './effect-words.ts';
import { type EffectsState, effectsState, queryOf } from './effects-state.ts';
import { ExtendDialog } from './extend-dialog.tsx';
import type { RowVerbs } from './row-menu.tsx';
import { SettleDialog } from './settle-dialog.tsx';
import { UndoDialog, type UndoOf } from './undo-dialog.tsx';
import { useVerify } from './use-verify.ts';

const VIEWS = [
  { value: 'force', label: 'In force' },
  { value: 'ended', label: 'Over' },
  { value: 'all', label: 'All' },
];

/** The dialogs of the list: what is open, and the verbs that open them. */
function useVerbs() {
  const [undoing, setUndoing] = useState<UndoOf>();
  const [extending, setExtending] = useState<Change>();
  const [settling, setSettling] = useState<Change>();
  const verify = useVerify();
  const { mutate } = verify;
  const verbs: RowVerbs = useMemo(
    () => ({
      undo: ({ id }) => setUndoing({ effects: [id] }),
      extend: setExtending,
      settle: setSettling,
      verify: ({ id }) => mutate({ body: { effects: [id] } }),
    }),
    [mutate],
  );
  const dialogs = (
    <>
      <UndoDialog of={undoing} onClose={() => setUndoing(undefined)} />
      <ExtendDialog effect={extending} onClose={() => setExtending(undefined)} />
      <SettleDialog
        effect={settling}
        undoes={settling !== undefined && settling.undo_of !== ''}
        onClose={() => setSettling(undefined)}
      />
    </>
  );
  return { verbs, dialogs, undo: setUndoing, verify };
}

function Nothing({ state }: { readonly state: EffectsState }): ReactNode {
  const narrowed = Object.entries(state).some(
    ([name, value]) => !['view', 'sort'].includes(name) && value !== undefined && value !== '',
  );
  if (narrowed) {
    return (
      <EmptyState
        icon={IconArrowsExchange}
        title="No change fits these filters"
        action={<AppLink to="/effects">Show all that is in force</AppLink>}
      >
        Take a filter away, or look at what is over already.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconArrowsExchange}
      title={state.view === 'ended' ? 'Nothing has ended yet' : 'No change is in force'}
    >
      Whatever a playbook, a reaction or a person changes in a product stands here, with why, until when, and a way to
      undo it.
    </EmptyState>
  );
}

/** Everything that we changed in products and that still stands: why, until when, and a way back. */
export function EffectsPage() {
  const [state, change] = useUrlState(effectsState);
  const now = useNow();
  const query = queryOf(state, now);
  const { items, query: pages } = useApiPages('listEffects', { query });
  const { verbs, dialogs, undo, verify } = useVerbs();
  const undoes = useMay('effect:undo');
  const columns = useMemo(() => effectColumns(verbs), [verbs]);
  const scope =
    state.run === undefined ? (state.case === undefined ? undefined : { case: state.case }) : { run: state.run };
  return (
    <Page
      title="Changes in force"
      fill
      actions={
        <>
          {undoes && scope && (
            <Button color="red" variant="light" leftSection={<IconArrowBackUp size={16} />} onClick={() => undo(scope)}>
              Undo all of this {state.run === undefined ? 'case' : 'run'}
            </Button>
          )}
          <SegmentedControl
            size="xs"
            aria-label="Which changes"
            data={VIEWS}
            value={state.view}
            onChange={(view) => change({ view: view as EffectsState['view'], state: undefined })}
          />
        </>
      }
    >
      <EffectTiles />
      <EffectFilters state={state} onChange={change} />
      <DataTable
        label="Changes"
        columns={columns}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ title }) => title}
        pathOf={({ id }) => `/effects/${id}`}
        toneOf={({ state: of }) => (of === 'unknown' || of === 'undo_failed' ? 'bad' : undefined)}
        keys={{ u: (row) => undoes && mayBeUndone(row) && verbs.undo(row) }}
        {...(undoes
          ? {
              bulk: (chosen: readonly Change[], clear: () => void) => (
                <Bulk
                  chosen={chosen}
                  onUndo={(effects) => undo({ effects })}
                  onVerify={(effects) => verify.mutate({ body: { effects } })}
                  onClear={clear}
                />
              ),
            }
          : {})}
        {...(state.view === 'force'
          ? {
              sorting: state.sort === 'ends' ? { by: 'until', descending: false } : { by: 'since', descending: true },
              onSort: ({ by }: Sorting) => change({ sort: by === 'until' ? 'ends' : 'newest' }),
            }
          : {})}
        {...listReading(pages)}
        empty={<Nothing state={state} />}
      />
      {dialogs}
    </Page>
  );
}

interface BulkProps {
  readonly chosen: readonly Change[];
  readonly onUndo: (effects: string[]) => void;
  readonly onVerify: (effects: string[]) => void;
  readonly onClear: () => void;
}

const MOST = 100;

function Bulk({ chosen, onUndo, onVerify, onClear }: BulkProps) {
  const standing = chosen.filter(mayBeUndone).map(({ id }) => id);
  const tooMany = standing.length > MOST;
  return (
    <Group gap="xs">
      <Button
        size="compact-sm"
        color="red"
        variant="light"
        leftSection={<IconArrowBackUp size={14} />}
        disabled={standing.length === 0 || tooMany}
        onClick={() => onUndo(standing)}
      >
        Undo …
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconZoomCheck size={14} />}
        disabled={standing.length === 0 || tooMany}
        onClick={() => onVerify(standing)}
      >
        Read back
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
        Choose none
      </Button>
      {tooMany && (
        <Text size="xs" c="dimmed">
          At most {MOST} at once
        </Text>
      )}
    </Group>
  );
}

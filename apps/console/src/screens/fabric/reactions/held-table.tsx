import { Button, Group } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { type Pages, refresh, useAction } from '../../../app/use-api.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { TraceLink } from '../../../ui/ref.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { inTurn } from '../parts/in-turn.ts';
import { counted } from '../parts/words.ts';
import { WhatAndWhy } from './outcomes.tsx';
import type { ReactionEvent } from './reaction-rows.ts';

const CHANGED = ['getReaction', 'listReactions', 'listReactionEvents', 'fabricMap'] as const;

interface HeldTableProps {
  readonly rows: readonly ReactionEvent[];
  readonly query: Pages<ReactionEvent>['query'];
  /** As high as its rows. Default false. */
  readonly flow?: boolean;
}

type Wish = {
  readonly verb: 'release' | 'discard';
  readonly rows: readonly ReactionEvent[];
  readonly clear: () => void;
};

function columnsFor(may: boolean, onRelease: (row: ReactionEvent) => void): readonly Column<ReactionEvent>[] {
  return [
    {
      ...{ id: 'subject', header: 'Event about', width: '1.4fr', card: 'title' as const },
      cell: ({ subject, topic }) => <Untrusted text={subject || topic} line longest={200} />,
    },
    {
      id: 'reaction',
      header: 'Reaction',
      width: '1fr',
      from: 900,
      cell: ({ reaction }) => <Untrusted text={reaction} line />,
    },
    {
      id: 'what',
      header: 'What it would do, and why it waits',
      width: '2fr',
      cell: (event) => <WhatAndWhy event={event} />,
    },
    { id: 'at', header: 'Since', width: 100, cell: ({ at }) => <When at={at} /> },
    { id: 'expires', header: 'Expires', width: 110, cell: ({ expires_at }) => <When at={expires_at} none="never" /> },
    { id: 'trace', header: 'Trace', width: 80, from: 1000, cell: ({ event }) => <TraceLink to={`event:${event}`} /> },
    ...(may
      ? [
          {
            ...{ id: 'do', header: 'Now', width: 96 },
            cell: (row: ReactionEvent) => (
              <Button size="compact-xs" variant="light" onClick={() => onRelease(row)}>
                Release
              </Button>
            ),
          },
        ]
      : []),
  ];
}

function Ask({ wish, onClose }: { readonly wish: Wish | undefined; readonly onClose: () => void }) {
  const release = useAction('releaseReactionEvent');
  const discard = useAction('discardReactionEvent');
  const rows = wish?.rows ?? [];
  const releases = wish?.verb === 'release';
  const confirm = async () => {
    const call = releases ? release : discard;
    await inTurn(rows, (row) => call.mutateAsync({ id: row.id }));
    wish?.clear();
    await refresh(CHANGED);
  };
  return (
    <Confirm
      opened={wish !== undefined}
      onClose={onClose}
      title={
        releases
          ? `Act on ${counted(rows.length, 'held event')} now?`
          : `Throw away ${counted(rows.length, 'held event')}?`
      }
      verb={releases ? 'Act now' : 'Throw away'}
      danger={!releases}
      onConfirm={confirm}
    >
      {releases
        ? 'The reaction acts at once, whatever held it: rate, storm, trust. Its changes can be undone like any others.'
        : 'The reaction will not act on them. They stay in the log and in their traces.'}
    </Confirm>
  );
}

/** Events that are held, with release and discard, one by one or many. */
export function HeldTable({ rows, query, flow = false }: HeldTableProps) {
  const may = useMay('fabric:operate');
  const [wish, setWish] = useState<Wish>();
  const columns = useMemo(
    () => columnsFor(may, (row) => setWish({ verb: 'release', rows: [row], clear: () => undefined })),
    [may],
  );
  return (
    <>
      <DataTable<ReactionEvent>
        label="Held events"
        columns={columns}
        rows={rows}
        idOf={({ id }) => id}
        nameOf={({ subject, event }) => subject || event}
        {...listReading(query)}
        flow={flow}
        {...(may
          ? {
              bulk: (chosen, clear) => (
                <Group gap="xs">
                  <Button
                    size="compact-sm"
                    variant="light"
                    onClick={() => setWish({ verb: 'release', rows: chosen, clear })}
                  >
                    Act on them now
                  </Button>
                  <Button
                    size="compact-sm"
                    color="red"
                    variant="light"
                    onClick={() => setWish({ verb: 'discard', rows: chosen, clear })}
                  >
                    Throw away
                  </Button>
                </Group>
              ),
            }
          : {})}
        empty={
          <EmptyState icon={IconPlayerPause} title="Nothing is held">
            Reactions hold events when more come than their rate allows, while a storm breaker is open, and when people
            are asked.
          </EmptyState>
        }
      />
      <Ask wish={wish} onClose={() => setWish(undefined)} />
    </>
  );
}

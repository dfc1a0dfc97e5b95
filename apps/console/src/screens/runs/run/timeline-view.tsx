import { Box, Button, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useApiPages } from '../../../app/use-api.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { shortDuration } from '../../../ui/times.ts';
import { useNow } from '../../../ui/when.tsx';
import { isLive, type RunView } from './run-view.ts';
import styles from './timeline.module.css';
import { spanOf, ticksOf, timelineOf } from './timeline.ts';
import { TimelineLine } from './timeline-line.tsx';

const ROW = 34;

interface TimelineProps {
  readonly run: RunView;
  /** Which scope is shown: empty for what is in no loop, else a round such as `each[3]`. */
  readonly under: string;
  /** The step that is open or followed. */
  readonly step: string;
  readonly open: (address: string) => void;
}

/** Steps as bars along the time, waits hatched: a list that is walked by arrow keys and read by screen readers. */
export function Timeline({ run, under, step, open }: TimelineProps) {
  const { items, query } = useApiPages('listRunSteps', { id: run.id, query: { under, limit: 500 } });
  const present = useNow();
  const now = isLive(run)
    ? Math.max(present, ...items.slice(-1).map(({ started_at }) => started_at ?? 0))
    : (run.ended_at ?? present);
  const span = useMemo(() => spanOf(items, now), [items, now]);
  const rows = useMemo(() => timelineOf(items, span, now), [items, span, now]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const at = rows.findIndex(({ item }) => item.address === step);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);
  if (query.isPending) return <LoadingRows />;
  if (query.error) return <ErrorPanel error={query.error} retry={() => query.refetch()} />;
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {run.status === 'queued' ? 'It waits for its turn: no step has begun.' : 'No step has begun.'}
      </Text>
    );
  }
  return (
    <>
      <Scale span={span} />
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        aria-label="Steps along the time"
        tabIndex={-1}
        onKeyDown={walkRows}
      >
        <Box pos="relative" h={virtual.getTotalSize()} role="presentation">
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row ? (
              <TimelineLine
                key={row.item.address}
                row={row}
                start={start}
                selected={index === at}
                first={at === -1 && index === 0}
                open={open}
              />
            ) : null;
          })}
        </Box>
      </div>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          Read more steps
        </Button>
      )}
    </>
  );
}

function Scale({ span }: { readonly span: Parameters<typeof ticksOf>[0] }) {
  return (
    <div className={styles.scale} aria-hidden>
      <span />
      <span className={styles.ticks}>
        {ticksOf(span).map(({ at, millis, named }) => (
          <span key={millis} className={styles.tick} style={{ insetInlineStart: `${at}%` }}>
            {millis === 0 ? '0' : named && shortDuration(millis).replace('.0', '')}
          </span>
        ))}
      </span>
    </div>
  );
}

/** Arrow keys go from one step to the next. */
function walkRows(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=option]')].sort(
    (a, b) => Number(a.dataset.start) - Number(b.dataset.start),
  );
  const here = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[here + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

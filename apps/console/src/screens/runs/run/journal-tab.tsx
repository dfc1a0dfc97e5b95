import { Box, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useApiPages } from '../../../app/use-api.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { absoluteTime, shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { factWord } from '../run-words.ts';
import styles from './journal-tab.module.css';
import type { RunView } from './run-view.ts';

const ROW = 30;

interface JournalProps {
  readonly run: RunView;
  readonly open: (address: string) => void;
}

/** Every fact of a run as it was written down, the oldest first. */
export function JournalTab({ run, open }: JournalProps) {
  const { items, query } = useApiPages('listRunFacts', { id: run.id, query: { limit: 200 } });
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 15,
  });
  const rows = virtual.getVirtualItems();
  const nearEnd = (rows.at(-1)?.index ?? 0) >= items.length - 40;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (nearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [nearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (query.isPending) return <LoadingRows />;
  if (query.error) return <ErrorPanel error={query.error} retry={() => query.refetch()} />;
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label="Journal"
      aria-rowcount={run.facts}
      tabIndex={0}
    >
      <Box pos="relative" h={virtual.getTotalSize()} role="rowgroup">
        {rows.map(({ index, start }) => {
          const fact = items[index];
          return fact ? <Fact key={fact.seq} fact={fact} start={start} began={run.created_at} open={open} /> : null;
        })}
      </Box>
    </div>
  );
}

interface FactProps {
  readonly fact: {
    readonly seq: number;
    readonly kind: string;
    readonly address: string;
    readonly data: unknown;
    readonly at: number;
  };
  readonly start: number;
  readonly began: number;
  readonly open: (address: string) => void;
}

function Fact({ fact, start, began, open }: FactProps) {
  const { seq, kind, address, data, at } = fact;
  return (
    <div className={styles.row} role="row" aria-rowindex={seq} style={{ transform: `translateY(${start}px)` }}>
      <span role="gridcell" className={styles.seq}>
        {seq}
      </span>
      <span role="gridcell" className={styles.at} title={absoluteTime(at)}>
        +{shortDuration(Math.max(0, at - began))}
      </span>
      <span role="gridcell" className={styles.address}>
        {address === '' ? (
          <span className={styles.dim}>run</span>
        ) : (
          <UnstyledButton className={styles.link ?? ''} onClick={() => open(address)}>
            <Untrusted text={address} line longest={100} />
          </UnstyledButton>
        )}
      </span>
      <span role="gridcell" className={styles.kind} title={kind}>
        {factWord(kind)}
      </span>
      <span role="gridcell" className={styles.data}>
        <Untrusted text={JSON.stringify(data)} line longest={300} />
      </span>
    </div>
  );
}

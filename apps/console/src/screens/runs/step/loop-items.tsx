import { Box, Group, Select, Text, TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useApiPages } from '../../../app/use-api.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { RunView, StepView } from '../run/run-view.ts';
import { StepSign } from '../run/step-sign.tsx';
import type { StepItem } from '../run/timeline.ts';
import { sizeWord } from '../run-words.ts';
import styles from './step-drawer.module.css';

const ROW = 30;
const STATES = ['failed', 'running', 'waiting', 'unknown', 'succeeded', 'cancelled'];

interface LoopItemsProps {
  readonly run: RunView;
  readonly loop: StepView;
  readonly open: (address: string) => void;
}

/** The items of a loop, however many: filtered by state, searched in what they are and gave. */
export function LoopItems({ run, loop, open }: LoopItemsProps) {
  const [status, setStatus] = useState<string | null>(loop.rounds && loop.rounds.failed > 0 ? 'failed' : null);
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 250);
  const query = { under: loop.address, limit: 200, ...(status ? { status } : {}), ...(q ? { q } : {}) };
  const { items, query: reading } = useApiPages('listRunSteps', { id: run.id, query });
  const { rounds } = loop;
  return (
    <>
      <Group gap="xs" mb={6}>
        <Text size="xs" c="dimmed">
          {rounds?.ended.toLocaleString('en')}
          {rounds?.total === null ? '' : ` of ${rounds?.total?.toLocaleString('en')}`} done
          {rounds && rounds.failed > 0 ? `, ${rounds.failed.toLocaleString('en')} failed` : ''}
        </Text>
        <Select
          size="xs"
          w={130}
          aria-label="State of the items"
          placeholder="Any state"
          data={STATES}
          value={status}
          onChange={setStatus}
          clearable
        />
        <TextInput
          size="xs"
          flex={1}
          miw={120}
          type="search"
          aria-label="Search the items"
          placeholder="Search the items"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Group>
      {reading.isPending ? (
        <LoadingRows rows={4} />
      ) : reading.error ? (
        <ErrorPanel error={reading.error} retry={() => reading.refetch()} />
      ) : items.length === 0 ? (
        <Text size="sm" c="dimmed">
          No item fits.
        </Text>
      ) : (
        <Items
          items={items}
          open={open}
          more={reading.hasNextPage}
          load={() => !reading.isFetchingNextPage && void reading.fetchNextPage()}
        />
      )}
    </>
  );
}

interface ItemsProps {
  readonly items: readonly StepItem[];
  readonly open: (address: string) => void;
  readonly more: boolean;
  readonly load: () => void;
}

function Items({ items, open, more, load }: ItemsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const rows = virtual.getVirtualItems();
  const nearEnd = (rows.at(-1)?.index ?? 0) >= items.length - 40;
  useEffect(() => {
    if (nearEnd && more) load();
  }, [nearEnd, more, load]);
  return (
    <div ref={scroller} className={styles.items} role="list" aria-label="Items">
      <Box pos="relative" h={virtual.getTotalSize()} role="presentation">
        {rows.map(({ index, start }) => {
          const item = items[index];
          return item ? <Item key={item.address} item={item} start={start} open={open} /> : null;
        })}
      </Box>
    </div>
  );
}

function Item({
  item,
  start,
  open,
}: {
  readonly item: StepItem;
  readonly start: number;
  readonly open: (address: string) => void;
}) {
  return (
    <div role="listitem">
      <UnstyledButton
        className={styles.item ?? ''}
        style={{ transform: `translateY(${start}px)` }}
        onClick={() => open(item.address)}
      >
        <StepSign status={item.status} />
        <span className={styles.number}>
          <VisuallyHidden>{item.status}, item </VisuallyHidden>
          {(item.round ?? 0) + 1}
        </span>
        <span className={styles.cell}>
          <Preview value={item.input} />
        </span>
        <span className={styles.cell}>
          {item.error ? (
            <Untrusted text={item.error.message} line longest={160} c="var(--cp-bad)" />
          ) : (
            <Preview value={item.output} />
          )}
        </span>
      </UnstyledButton>
    </div>
  );
}

function Preview({ value }: { readonly value: StepItem['input'] }) {
  if (value === null) return null;
  return <Untrusted text={value.text === '' ? `large (${sizeWord(value.size)})` : value.text} line longest={160} />;
}

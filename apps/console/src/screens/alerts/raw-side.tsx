import { Box, Text } from '@mantine/core';
import { type MouseEvent, memo, useEffect, useMemo, useRef } from 'react';
import { Untrusted } from '../../ui/untrusted.tsx';
import styles from './alerts.module.css';
import { type ItemLine, isPartOf, itemLines } from './reading-lines.ts';

interface CodeLineProps {
  readonly line: ItemLine;
  readonly index: number;
  readonly marked: boolean;
}

const CodeLine = memo(function CodeLine({ line, index, marked }: CodeLineProps) {
  return (
    <div
      className={styles.codeLine}
      data-index={index}
      data-marked={marked || undefined}
      style={{ paddingInlineStart: 12 + line.depth * 14 }}
    >
      <Untrusted text={line.text} longest={2_000} />
    </div>
  );
});

interface RawSideProps {
  readonly value: unknown;
  /** JSON Pointers of what is marked. */
  readonly places: readonly string[];
  /** Brings what is marked into view. */
  readonly follow: boolean;
  readonly onPoint: (line: ItemLine | undefined) => void;
}

/** Brings a line into view by moving its box only: were the page to move too, the pointer would be on another field. */
function scrollTo(box: HTMLElement, line: HTMLElement): void {
  const { offsetTop, offsetHeight } = line;
  const seen = offsetTop >= box.scrollTop && offsetTop + offsetHeight <= box.scrollTop + box.clientHeight;
  if (!seen) box.scrollTop = offsetTop - box.clientHeight / 3;
}

/** The item as it came, with the parts marked that a field was taken from. */
export function RawSide({ value, places, follow, onPoint }: RawSideProps) {
  const lines = useMemo(() => itemLines(value), [value]);
  const box = useRef<HTMLDivElement>(null);
  const first = follow ? lines.findIndex((line) => isPartOf(line, places)) : -1;
  useEffect(() => {
    const line = box.current?.querySelector<HTMLElement>(`[data-index="${first}"]`);
    if (box.current && line) scrollTo(box.current, line);
  }, [first]);
  const point = (event: MouseEvent) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index;
    onPoint(at === undefined ? undefined : lines[Number(at)]);
  };
  return (
    <Box
      ref={box}
      className={styles.code}
      role="region"
      aria-label="The item as it came"
      tabIndex={0}
      onMouseOver={point}
      onFocus={() => onPoint(undefined)}
      onMouseLeave={() => onPoint(undefined)}
    >
      {lines.map((line, index) => (
        <CodeLine key={`${line.place} ${line.text}`} line={line} index={index} marked={isPartOf(line, places)} />
      ))}
      {lines.length >= 2_000 && (
        <Text size="xs" c="dimmed" px={12}>
          It goes on; see it as received.
        </Text>
      )}
    </Box>
  );
}

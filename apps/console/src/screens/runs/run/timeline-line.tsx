import { VisuallyHidden } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { shownState } from '../../../ui/states.ts';
import { shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { plainText } from '../../../ui/untrusted-text.ts';
import { waitWord } from '../run-words.ts';
import { StepSign } from './step-sign.tsx';
import styles from './timeline.module.css';
import type { StepItem, TimelineRow } from './timeline.ts';

interface LineProps {
  readonly row: TimelineRow;
  readonly start: number;
  readonly selected: boolean;
  /** Whether Tab leads to it when none is selected. */
  readonly first: boolean;
  readonly open: (address: string) => void;
}

/** One step of a timeline: its state and name, and its bar. */
export function TimelineLine({ row, start, selected, first, open }: LineProps) {
  const { item, depth, bar, waits, took } = row;
  const { tone } = shownState(item.status);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open(item.address);
  };
  return (
    <div
      role="option"
      aria-selected={selected}
      tabIndex={selected || first ? 0 : -1}
      className={styles.row}
      data-start={start}
      data-selected={selected || undefined}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => open(item.address)}
      onKeyDown={onKeyDown}
    >
      <span className={styles.name} style={{ paddingInlineStart: `${Math.min(depth, 6) * 14}px` }}>
        <StepSign status={item.status} />
        <VisuallyHidden>{item.status} </VisuallyHidden>
        <span className={styles.title}>
          <Untrusted text={titleOf(item)} line longest={80} />
        </span>
        {item.rounds && (
          <span className={styles.rounds}>
            <IconRepeat size={12} aria-hidden />
            {item.rounds.total === null || item.rounds.total === item.rounds.ended
              ? item.rounds.ended.toLocaleString('en')
              : `${item.rounds.ended.toLocaleString('en')}/${item.rounds.total.toLocaleString('en')}`}
            {item.rounds.failed > 0 && (
              <span className={styles.failed}>{item.rounds.failed.toLocaleString('en')} failed</span>
            )}
          </span>
        )}
        {item.attempts > 1 && <span className={styles.rounds}>{item.attempts} attempts</span>}
      </span>
      <span className={styles.track} data-tone={tone}>
        {bar && <span className={styles.bar} style={{ insetInlineStart: `${bar.from}%`, width: `${bar.width}%` }} />}
        {waits.map((wait) => (
          <span
            key={wait.from}
            className={styles.wait}
            style={{ insetInlineStart: `${wait.from}%`, width: `${wait.width}%` }}
          />
        ))}
      </span>
      <span className={styles.took}>
        {item.adopted_from !== null ? 'taken over' : took === undefined ? '' : shortDuration(took)}
      </span>
      <VisuallyHidden>{unseen(item)}</VisuallyHidden>
    </div>
  );
}

/** What a step is called: its title, or its id. */
export function titleOf({
  title,
  step,
  round,
  address,
}: Pick<StepItem, 'title' | 'step' | 'round' | 'address'>): string {
  if (round !== null) return `Item ${(round + 1).toLocaleString('en')}`;
  return title !== '' ? title : step !== '' ? step : address;
}

/** What the bar cannot tell: what a step waits for, and what went wrong. */
function unseen(item: StepItem): string {
  const wait = item.waits.at(-1);
  const words = [
    wait && wait.until === null ? `waits for ${waitWord(wait.for)}` : '',
    item.error === null ? '' : plainText(item.error.message, 200),
  ];
  return words.filter((part) => part !== '').join(', ');
}

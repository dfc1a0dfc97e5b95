import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { Ref } from 'react';
import { SimulatedMark, ToneBadge } from '../../ui/badges.tsx';
import { absoluteTime, bothTimes, shortDuration } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { lookOf, statusOf, toneOf } from './node-looks.ts';
import { resultOf } from './result.ts';
import { itemOf } from './search.ts';
import styles from './trace.module.css';
import type { Line } from './tree.ts';

interface TraceRowProps {
  readonly id: string;
  readonly line: Line;
  readonly index: number;
  readonly offset: number;
  /** It is what the trace was asked for. */
  readonly asked: boolean;
  readonly pointed: boolean;
  readonly chosen: boolean;
  /** Whether some of the story is simulated and some is not; otherwise its roots say it for all. */
  readonly mixed: boolean;
  /** It came while somebody looked. */
  readonly fresh: boolean;
  readonly measure: Ref<HTMLDivElement>;
  readonly onToggle: () => void;
  readonly onChoose: () => void;
  readonly onMore: () => void;
}

/** When it happened: of a root the moment, of everything else the time since its root. */
function Moment({ line: { node, depth, start } }: Pick<TraceRowProps, 'line'>) {
  const since = node.at - start;
  const text = depth === 0 ? absoluteTime(node.at).slice(11) : `+${shortDuration(Math.max(0, since))}`;
  return (
    <span className={styles.moment} title={bothTimes(node.at)}>
      {text}
    </span>
  );
}

/** The lines that lead from what caused it to it. */
function Rails({ line: { rails, last, depth } }: Pick<TraceRowProps, 'line'>) {
  if (depth === 0) return null;
  return (
    <span className={styles.rails} aria-hidden>
      {[...rails.slice(1).entries()].map(([level, goesOn]) => (
        <span key={level} className={styles.rail} data-on={goesOn || undefined} />
      ))}
      <span className={styles.elbow} data-last={last || undefined} />
    </span>
  );
}

function Because({ text }: { readonly text: string }) {
  return (
    <span className={styles.because}>
      because <Untrusted text={text} longest={220} ff="monospace" />
    </span>
  );
}

function Marks({ line: { node, depth }, mixed }: Pick<TraceRowProps, 'line' | 'mixed'>) {
  const status = statusOf(node);
  const lasts = node.kind === 'run' || node.kind === 'step' || node.kind === 'reaction';
  const took = lasts && node.until !== null ? node.until - node.at : 0;
  return (
    <span className={styles.marks}>
      {took >= 1 && (
        <span className={styles.took} title="How long it took">
          {shortDuration(took)}
        </span>
      )}
      {status && <ToneBadge tone={status.tone} word={status.word} />}
      {(mixed || depth === 0) && <SimulatedMark simulated={node.simulated} />}
    </span>
  );
}

/** What happened, why, and what came of it. */
function Words({ line: { node }, asked, onMore }: Pick<TraceRowProps, 'line' | 'asked' | 'onMore'>) {
  const result = resultOf(node);
  const item = node.kind === 'step' ? itemOf(node.ref) : '';
  return (
    <span className={styles.words}>
      <Untrusted text={node.words} longest={260} /> {item !== '' && <span className={styles.item}>{item} </span>}
      {node.because !== '' && <Because text={node.because} />}
      {result !== '' && (
        <span className={styles.result}>
          → <Untrusted text={result} longest={160} />
        </span>
      )}
      {asked && <span className={styles.here}>asked for</span>}
      {node.more > 0 && (
        <button
          type="button"
          className={styles.more}
          tabIndex={-1}
          onClick={(event) => {
            event.stopPropagation();
            onMore();
          }}
        >
          and {node.more.toLocaleString('en')} more below
        </button>
      )}
    </span>
  );
}

/** One node of a trace: when, what, why, how it ended. */
export function TraceRow(props: TraceRowProps) {
  const { id, line, index, offset, asked, pointed, chosen, mixed, fresh, measure, onToggle, onChoose, onMore } = props;
  const { node, depth, open, branches, position, siblings } = line;
  const { icon: Icon, one } = lookOf(node.kind);
  return (
    <div
      ref={measure}
      id={id}
      data-index={index}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={chosen}
      {...(branches ? { 'aria-expanded': open } : {})}
      {...(asked ? { 'aria-current': true as const } : {})}
      className={styles.row}
      data-pointed={pointed || undefined}
      data-chosen={chosen || undefined}
      data-asked={asked || undefined}
      data-fresh={fresh || undefined}
      data-root={depth === 0 || undefined}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={onChoose}
    >
      <Moment line={line} />
      <Rails line={line} />
      <span
        className={styles.toggle}
        data-can={branches || undefined}
        aria-hidden
        onClick={(event) => {
          if (!branches) return;
          event.stopPropagation();
          onToggle();
        }}
      >
        {branches && (open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />)}
      </span>
      <span className={styles.icon} data-tone={toneOf(node)} title={one} role="img" aria-label={one}>
        <Icon size={14} aria-hidden />
      </span>
      <span className={styles.main}>
        <Words line={line} asked={asked} onMore={onMore} />
        <Marks line={line} mixed={mixed} />
      </span>
    </div>
  );
}

import type { TraceNode } from '@counterpoint/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { findIn, wordsOf } from './search.ts';
import styles from './trace.module.css';
import { TraceRow } from './trace-row.tsx';
import { closedAtFirst, everyNode, isMixed, type Line, linesOf, moveOf, QUIET_KINDS, without } from './tree.ts';
import { type TraceView, useTrace } from './use-trace.ts';

const ROW = 34;
const NONE: ReadonlySet<string> = new Set();

/** What is folded away; starts anew with another story. @param asked undefined: all of it is open at first */
function useFolding(story: string, roots: readonly TraceNode[], asked: string | undefined) {
  const [folded, setFolded] = useState<{ readonly of: string; readonly closed: ReadonlySet<string> }>();
  const first = useMemo(() => (asked === undefined ? NONE : closedAtFirst(roots, asked)), [roots, asked]);
  const closed = folded?.of === story ? folded.closed : first;
  const fold = (ref: string, close: boolean) => {
    const next = new Set(closed);
    if (close) next.add(ref);
    else next.delete(ref);
    setFolded({ of: story, closed: next });
  };
  return { closed, fold };
}

/** References that were not there when the story was first shown. */
function useFresh(story: string, roots: readonly TraceNode[]): ReadonlySet<string> {
  const seen = useRef<{ of: string; refs: Set<string> }>({ of: '', refs: new Set() });
  return useMemo(() => {
    const now = new Set([...everyNode(roots)].map(({ ref }) => ref));
    const before = seen.current;
    if (before.of !== story || before.refs.size === 0) {
      seen.current = { of: story, refs: now };
      return new Set<string>();
    }
    return new Set([...now].filter((ref) => !before.refs.has(ref)));
  }, [story, roots]);
}

interface TreeViewProps {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly asked: string;
  readonly fresh: ReadonlySet<string>;
  readonly mixed: boolean;
  readonly chosen: string | undefined;
  readonly onChoose: ((node: TraceNode) => void) | undefined;
  readonly onFold: (ref: string, close: boolean) => void;
  readonly onMore: () => void;
  /** Takes the height that its lines need. */
  readonly flow: boolean;
}

function useCursor({ lines, asked, onFold, onChoose }: TreeViewProps) {
  const [ref, setRef] = useState<string>();
  const found = lines.findIndex(({ node }) => node.ref === (ref ?? asked));
  const cursor = found === -1 ? 0 : found;
  const point = (index: number) => setRef(lines[index]?.node.ref);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = lines[cursor]?.node;
    if ((event.key === 'Enter' || event.key === ' ') && node && onChoose) {
      event.preventDefault();
      onChoose(node);
      return;
    }
    const move = moveOf(lines, cursor, event.key);
    if (!move) return;
    event.preventDefault();
    if ('to' in move) point(move.to);
    else if ('open' in move) onFold(move.open, false);
    else onFold(move.close, true);
  };
  return { cursor, point, onKeyDown, moved: ref !== undefined };
}

/** The lines of a tree, virtualised, walked by the keys of an ARIA tree. */
function TreeView(props: TreeViewProps) {
  const { label, lines, asked, fresh, mixed, chosen, onChoose, onFold, onMore, flow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const { cursor, point, onKeyDown } = useCursor(props);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => lines[index]?.node.ref ?? index,
    overscan: flow ? lines.length : 15,
  });
  useEffect(() => {
    virtual.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor, virtual]);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      data-flow={flow || undefined}
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={`${prefix}-${cursor}`}
      onKeyDown={onKeyDown}
    >
      <div className={styles.body} role="none" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (!line) return null;
          const { node } = line;
          return (
            <TraceRow
              key={node.ref}
              id={`${prefix}-${index}`}
              line={line}
              index={index}
              offset={start}
              asked={node.ref === asked}
              pointed={index === cursor}
              chosen={node.ref === chosen}
              mixed={mixed}
              fresh={fresh.has(node.ref)}
              measure={virtual.measureElement}
              onToggle={() => onFold(node.ref, line.open)}
              onChoose={() => {
                point(index);
                onChoose?.(node);
              }}
              onMore={onMore}
            />
          );
        })}
      </div>
    </div>
  );
}

interface ShownTraceProps {
  readonly data: TraceView;
  /** Kinds that are left out. */
  readonly hidden: readonly string[];
  /** Only lines that say these words are shown, and what leads to them. Default: all. */
  readonly q?: string;
  /** Not all of it has been read. Default false. */
  readonly cut?: boolean;
  /** The node that is shown beside the tree. */
  readonly chosen?: string;
  /** Somebody wants to see a node whole. Without it, lines cannot be opened. */
  readonly onChoose?: (node: TraceNode) => void;
  /** Somebody wants what was left out. */
  readonly onMore: () => void;
  /** Takes the height that its lines need; otherwise it fills what is there. */
  readonly flow: boolean;
}

function Finding({ count, cut }: { readonly count: number; readonly cut: boolean }) {
  return (
    <div className={styles.finding} role="status">
      {count === 0 && !cut
        ? 'Nothing that is shown of this story says that'
        : `${count.toLocaleString('en')} found${cut ? ' so far' : ''}`}
    </div>
  );
}

/** A trace that was read, as a tree. */
export function ShownTrace({ data, hidden, q = '', cut = false, chosen, onChoose, onMore, flow }: ShownTraceProps) {
  const { asked, trace } = data;
  const all = useMemo(
    () => without(data.roots, new Set(hidden), ({ ref }) => ref === asked),
    [data.roots, hidden, asked],
  );
  const found = useMemo(() => findIn(all, wordsOf(q)), [all, q]);
  const roots = q === '' ? all : found.roots;
  const story = `${trace} ${asked} ${hidden.join(' ')} ${q}`;
  const { closed, fold } = useFolding(story, roots, q === '' ? asked : undefined);
  const fresh = useFresh(story, roots);
  const lines = useMemo(() => linesOf(roots, closed), [roots, closed]);
  const mixed = useMemo(() => isMixed(data.roots), [data.roots]);
  return (
    <>
      {q !== '' && <Finding count={found.count} cut={cut} />}
      <TreeView
        label="What happened, and because of what"
        lines={lines}
        asked={asked}
        fresh={fresh}
        mixed={mixed}
        chosen={chosen}
        onChoose={onChoose}
        onFold={fold}
        onMore={onMore}
        flow={flow}
      />
    </>
  );
}

interface TraceTreeProps extends Pick<ShownTraceProps, 'chosen' | 'onChoose'> {
  /** What the story is asked for by: a reference, a trace id, an observable. */
  readonly of: string;
  /** Kinds that are left out; default: claims, readings and notes. */
  readonly hidden?: readonly string[];
  /** Takes the height that its lines need, for embedding; otherwise it fills what is there. Default true. */
  readonly flow?: boolean;
}

/** The causal tree of anything, live: what caused it, what it brought about, and why. For embedding in any screen. */
export function TraceTree({ of, hidden = QUIET_KINDS, flow = true, ...rest }: TraceTreeProps) {
  const [whole, setWhole] = useState(false);
  const { data, error, refetch, isPending } = useTrace(of, whole);
  if (isPending) return <LoadingRows />;
  if (!data) return <ErrorPanel error={error} retry={() => refetch()} title="The story could not be told" />;
  return <ShownTrace data={data} hidden={hidden} flow={flow} onMore={() => setWhole(true)} {...rest} />;
}

import type { TraceNode } from '@counterpoint/contracts';
import { isCounterpointError } from '@counterpoint/core';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconBinaryTree2 } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Ref } from '../../ui/ref.tsx';
import { absoluteTime, shortDuration } from '../../ui/times.ts';
import { defang } from '../../ui/untrusted-text.ts';
import { text } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { noteDone } from '../welcome/checklist-notes.ts';
import { KindChips } from './kind-chips.tsx';
import { canBeTakenBack, NodeDrawer } from './node-drawer.tsx';
import { lookOf, placeOfNode } from './node-looks.ts';
import { RetractDialog } from './retract-dialog.tsx';
import styles from './trace.module.css';
import { ShownTrace } from './trace-tree.tsx';
import { countKinds, everyNode, QUIET_KINDS } from './tree.ts';
import { type TraceView, useTrace } from './use-trace.ts';

const traceState = {
  /** Kinds that are left out, with commas between; `none`: nothing is. */
  hide: text(QUIET_KINDS.join(',')),
  node: text(),
  /** Words that are looked for. */
  q: text(''),
};

/** From so many things on one is looked for by words. */
const LARGE = 40;

function useStory(of: string, looks: boolean) {
  const [whole, setWhole] = useState(false);
  // What was read whole to be looked through stays so.
  if (looks && !whole) setWhole(true);
  const answer = useTrace(of, whole);
  const nodes = useMemo(() => [...everyNode(answer.data?.roots ?? [])], [answer.data]);
  const counts = useMemo(() => countKinds(answer.data?.roots ?? []), [answer.data]);
  return { ...answer, nodes, counts, onMore: () => setWhole(true) };
}

function titleOf(of: string, asked: TraceNode | undefined): string {
  if (asked) return asked.words;
  return /^[0-9a-f]{32}$/.test(of) ? 'A whole story' : `What has to do with ${defang(of.slice(of.indexOf(':') + 1))}`;
}

/** When it began, how long it took, and how much of it there is. */
function Summary({
  data,
  nodes,
  asked,
}: {
  data: TraceView;
  nodes: readonly TraceNode[];
  asked: TraceNode | undefined;
}) {
  const began = Math.min(...nodes.map(({ at }) => at));
  const ended = Math.max(
    ...nodes.map(({ at, kind, until }) => (kind === 'step' || kind === 'run' ? (until ?? at) : at)),
  );
  const place = asked && placeOfNode(asked);
  const stories = data.traces.length > 1 ? ` · the newest ${data.traces.length} stories` : '';
  return (
    <Group gap={6}>
      <span>
        {asked && `${lookOf(asked.kind).one} · `}
        began {absoluteTime(began)} · {shortDuration(ended - began)} · {data.total.toLocaleString('en')}{' '}
        {data.total === 1 ? 'thing' : 'things'}
        {stories}
      </span>
      {place && <Ref to={place}>Open it</Ref>}
    </Group>
  );
}

/** What somebody may want to do about the whole of it. */
function TakeBack({ asked, onTakeBack }: { asked: TraceNode | undefined; onTakeBack: (node: TraceNode) => void }) {
  const undoes = useMay('effect:undo');
  if (!undoes || !asked || !canBeTakenBack(asked)) return null;
  return (
    <Button color="red" variant="light" leftSection={<IconArrowBackUp size={16} />} onClick={() => onTakeBack(asked)}>
      Take back what this caused …
    </Button>
  );
}

interface NarrowingProps {
  readonly data: TraceView | undefined;
  readonly counts: ReadonlyMap<string, number>;
  readonly hidden: readonly string[];
  readonly cut: boolean;
  readonly q: string;
  readonly reading: boolean;
  readonly onHide: (hidden: readonly string[]) => void;
  readonly onFind: (q: string) => void;
  readonly onMore: () => void;
}

/** What of the story is shown: words that are looked for, kinds, and whether all of it has been read. */
function Narrowing({ data, counts, hidden, cut, q, reading, onHide, onFind, onMore }: NarrowingProps) {
  const looks = q !== '' || (data !== undefined && data.total > LARGE);
  return (
    <FilterBar
      {...(looks ? { search: q } : {})}
      hint="Find in this story"
      facets={[]}
      values={{}}
      onChange={(next) => onFind(String(next.q ?? ''))}
    >
      <KindChips counts={counts} hidden={hidden} cut={cut} onChange={onHide} />
      {data && cut && (
        <Button size="compact-xs" variant="light" className={styles.readAll ?? ''} loading={reading} onClick={onMore}>
          Read all {data.total.toLocaleString('en')}
        </Button>
      )}
    </FilterBar>
  );
}

/** The causal tree of anything: what led to it, what it brought about, and a way to take that back. */
export function TracePage() {
  const { ref: of } = useParams({ strict: false }) as { readonly ref: string };
  const [state, change] = useUrlState(traceState);
  const { data, error, refetch, isFetching, nodes, counts, onMore } = useStory(of, state.q !== '');
  const [taken, setTaken] = useState<TraceNode>();
  const hidden = useMemo(() => state.hide.split(',').filter((kind) => kind !== 'none'), [state.hide]);
  const asked = nodes.find(({ ref }) => ref === data?.asked);
  const cut = data !== undefined && nodes.length < data.total;
  const tellsWhy = nodes.some(({ kind }) => kind === 'effect');
  useEffect(() => {
    if (tellsWhy) noteDone('why');
  }, [tellsWhy]);
  if (error && !data) {
    const missing = isCounterpointError(error) && error.status === 404;
    const unknown = missing ? 'Nothing is known under this name' : 'The trace could not be read';
    return (
      <Page title="Trace">
        <ErrorPanel error={error} retry={() => refetch()} title={unknown} />
      </Page>
    );
  }
  return (
    <Page
      title={data ? titleOf(of, asked) : 'Trace'}
      fill
      above={[{ title: 'Trace', path: `/trace/${encodeURIComponent(data?.trace ?? of)}` }]}
      about={data && nodes.length > 0 ? <Summary data={data} nodes={nodes} asked={asked} /> : undefined}
      actions={<TakeBack asked={asked} onTakeBack={setTaken} />}
    >
      <Narrowing
        {...{ data, counts, hidden, cut, q: state.q, reading: isFetching, onMore }}
        onHide={(next) => change({ hide: next.length === 0 ? 'none' : next.join(',') }, { replace: true })}
        onFind={(q) => change({ q }, { replace: true })}
      />
      {data?.truncated && (
        <Alert color="orange" title="This story is longer than what is told here">
          Of most kinds only the first 2,000 are read, and of steps the first 20,000 facts. Open the run itself, or the
          trace of one of its parts, to see the rest.
        </Alert>
      )}
      {data && nodes.length === 0 ? (
        <EmptyState icon={IconBinaryTree2} title="Nothing is recorded under this trace">
          <Text size="sm">What is older than the server keeps is gone from here too.</Text>
        </EmptyState>
      ) : (
        <div className={styles.frame}>
          {data ? (
            <ShownTrace
              data={data}
              hidden={hidden}
              q={state.q}
              cut={cut}
              flow={false}
              onChoose={({ ref }) => change({ node: ref }, { replace: true })}
              onMore={onMore}
              {...(state.node ? { chosen: state.node } : {})}
            />
          ) : (
            <LoadingRows />
          )}
        </div>
      )}
      <NodeDrawer
        node={nodes.find(({ ref }) => ref === state.node)}
        onClose={() => change({ node: undefined }, { replace: true })}
        onTakeBack={(node) => {
          change({ node: undefined }, { replace: true });
          setTaken(node);
        }}
      />
      <RetractDialog of={taken} onClose={() => setTaken(undefined)} />
    </Page>
  );
}

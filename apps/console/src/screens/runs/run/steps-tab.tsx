import { SegmentedControl, Switch } from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { outlineAddress } from '../../../canvas/steps-index.ts';
import { LoadingRows } from '../../../ui/loading.tsx';
import { useNow } from '../../../ui/when.tsx';
import { overlayOf } from './overlay.ts';
import styles from './run-page.module.css';
import { isLive, type RunView } from './run-view.ts';
import { Timeline } from './timeline-view.tsx';
import { useOutline } from './use-outline.ts';

const PlaybookCanvas = lazy(async () => ({
  default: (await import('../../../canvas/playbook-canvas.tsx')).PlaybookCanvas,
}));
const OutlineTree = lazy(async () => ({ default: (await import('../../../canvas/outline-tree.tsx')).OutlineTree }));

type View = 'picture' | 'outline';

interface StepsTabProps {
  readonly run: RunView;
  /** Address of the step that is open; empty: none. */
  readonly step: string;
  readonly view: View;
  readonly open: (address: string) => void;
  readonly onView: (view: View) => void;
}

/** The playbook lit by what happened, beside what happened along the time. */
export function StepsTab({ run, step, view, open, onView }: StepsTabProps) {
  const [follow, setFollow] = useState(true);
  const current = isLive(run) && follow && step === '' ? (run.open[0]?.address ?? '') : step;
  return (
    <div className={run.known ? styles.split : undefined}>
      {run.known && (
        <section className={styles.pane} aria-label="Playbook">
          <div className={styles.tools}>
            <SegmentedControl
              size="xs"
              aria-label="How the playbook is shown"
              value={view}
              onChange={(next) => onView(next as View)}
              data={[
                { value: 'picture', label: 'Picture' },
                { value: 'outline', label: 'Outline' },
              ]}
            />
            {isLive(run) && (
              <Switch
                size="xs"
                label="Follow"
                checked={follow}
                onChange={(event) => setFollow(event.currentTarget.checked)}
              />
            )}
          </div>
          <div className={styles.picture}>
            <Drawn run={run} step={current} view={view} open={open} />
          </div>
        </section>
      )}
      <section className={styles.pane} aria-label="Timeline">
        <Timeline run={run} under="" step={current} open={open} />
      </section>
    </div>
  );
}

function Drawn({ run, step, view, open }: Omit<StepsTabProps, 'onView'>) {
  const outline = useOutline(run);
  const present = useNow();
  const now = isLive(run) ? present : (run.ended_at ?? present);
  const overlay = useMemo(() => overlayOf(run.steps, now), [run.steps, now]);
  const [selected, setSelected] = useState(outlineAddress(step));
  useEffect(() => setSelected(outlineAddress(step)), [step]);
  /** The picture shows each step once: what opens is the round that most wants to be looked at. */
  const choose = (address: string) => {
    setSelected(address);
    const summary = run.steps.find((one) => outlineAddress(one.address) === address);
    open(address === '' ? '' : (summary?.address ?? ''));
  };
  if (!outline) return <LoadingRows />;
  const Twin = view === 'picture' ? PlaybookCanvas : OutlineTree;
  return (
    <Suspense fallback={<LoadingRows />}>
      <Twin
        outline={outline}
        selected={selected}
        onSelect={choose}
        onOpen={choose}
        overlay={overlay}
        label="What the run did"
      />
    </Suspense>
  );
}

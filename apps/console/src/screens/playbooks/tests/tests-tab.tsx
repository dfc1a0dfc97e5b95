import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { PlaybookCanvas } from '../../../canvas/playbook-canvas.tsx';
import { indexSteps } from '../../../canvas/steps-index.ts';
import type { Editing } from '../editor/editing.ts';
import { useSnapshot } from '../editor/use-editor.ts';
import { BacktestPanel } from './backtest-panel.tsx';
import { DryRunPanel } from './dry-run-panel.tsx';
import { type ObservedStep, overlayOfSteps } from './overlay-of-steps.ts';
import { TestFiles } from './test-files.tsx';
import classes from './tests-tab.module.css';

interface Props {
  readonly editing: Editing;
  readonly readOnly: boolean;
}

/** Tests of the playbook and dry runs, with what they did lit on the canvas. */
export function TestsTab({ editing, readOnly }: Props) {
  const { outline } = useSnapshot(editing.model);
  const [panel, setPanel] = useState('tests');
  const [steps, setSteps] = useState<readonly ObservedStep[]>();
  const [selected, setSelected] = useState('');
  const mayRun = useMay('playbook:run');
  const mayCompare = useMay('run:read');
  const wide = useMediaQuery('(min-width: 1000px)', true, { getInitialValueInEffect: false });
  const index = useMemo(() => outline && indexSteps(outline), [outline]);
  const overlay = useMemo(() => index && steps && overlayOfSteps(steps, index), [index, steps]);
  return (
    <div className={classes.tab}>
      <div className={classes.panel}>
        <SegmentedControl
          size="xs"
          aria-label="What is tried"
          value={panel}
          onChange={(value) => {
            setPanel(value);
            setSteps(undefined);
          }}
          data={[
            { value: 'tests', label: 'Tests' },
            ...(mayRun ? [{ value: 'dry', label: 'Dry run' }] : []),
            ...(mayCompare ? [{ value: 'back', label: 'Backtest' }] : []),
          ]}
        />
        {panel === 'tests' && <TestFiles editing={editing} readOnly={readOnly} onShow={setSteps} />}
        {panel === 'dry' && <DryRunPanel editing={editing} onShow={setSteps} onSelect={setSelected} />}
        {panel === 'back' && <BacktestPanel editing={editing} />}
      </div>
      {wide && outline && (
        <div className={classes.canvas}>
          <PlaybookCanvas
            outline={outline}
            selected={selected}
            onSelect={setSelected}
            overlay={overlay}
            label="What the rehearsed run did"
          />
        </div>
      )}
    </div>
  );
}

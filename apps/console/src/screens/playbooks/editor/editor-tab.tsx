import { Alert, Button, Group, SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { When } from '../../../ui/when.tsx';
import { CanvasPane } from './canvas-pane.tsx';
import { CodePane } from './code-pane.tsx';
import type { Editing } from './editing.ts';
import classes from './editor-tab.module.css';
import { ProblemList } from './problem-list.tsx';
import { SaveMark } from './save-mark.tsx';
import { SplitPane } from './split-pane.tsx';
import { useSnapshot, useStanding } from './use-editor.ts';

interface Props {
  readonly editing: Editing;
  readonly readOnly: boolean;
  readonly onMerge: () => void;
}

const NARROW = 760;

/** The canvas and the text beside each other, with what the checker says below. */
export function EditorTab({ editing, readOnly, onMerge }: Props) {
  const { model } = editing;
  const { findings, error } = useSnapshot(model);
  const { ref, width } = useElementSize();
  const [side, setSide] = useState<'left' | 'right'>('left');
  const [problems, setProblems] = useState(false);
  const narrow = width > 0 && width < NARROW;
  return (
    <div className={classes.tab} ref={ref}>
      <Restored editing={editing} />
      {error !== undefined && findings.length === 0 && (
        <ErrorPanel error={error} title="The text could not be checked" retry={model.lookAgain} />
      )}
      <div className={classes.panes}>
        <SplitPane
          narrow={side}
          stacked={narrow}
          left={<CanvasPane model={model} readOnly={readOnly} />}
          right={<CodePane model={model} />}
        />
      </div>
      {problems && findings.length > 0 && (
        <ProblemList findings={findings} model={model} onGo={() => setSide('right')} />
      )}
      <Group className={classes.status} justify="space-between" gap="xs" wrap={narrow ? 'wrap' : 'nowrap'}>
        <Problems
          findings={findings}
          unchecked={error !== undefined}
          opened={problems}
          onToggle={() => setProblems(!problems)}
        />
        {!readOnly && <Saving editing={editing} onMerge={onMerge} />}
        {narrow && (
          <SegmentedControl
            size="xs"
            aria-label="Side"
            value={side}
            onChange={(value) => setSide(value as 'left' | 'right')}
            data={[
              { value: 'left', label: 'Steps' },
              { value: 'right', label: 'Text' },
            ]}
          />
        )}
      </Group>
    </div>
  );
}

function Saving({ editing, onMerge }: Pick<Props, 'editing' | 'onMerge'>) {
  return <SaveMark standing={useStanding(editing)} onMerge={onMerge} />;
}

interface ProblemsProps {
  readonly findings: ReturnType<typeof useSnapshot>['findings'];
  /** Whether the checker could not look at the text. */
  readonly unchecked: boolean;
  readonly opened: boolean;
  readonly onToggle: () => void;
}

function Problems({ findings, unchecked, opened, onToggle }: ProblemsProps) {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const warnings = findings.length - errors;
  if (findings.length === 0 && unchecked) return <span>Not checked</span>;
  if (findings.length === 0) {
    return (
      <span className={classes.fine}>
        <IconCheck size={14} aria-hidden /> No problems
      </span>
    );
  }
  const counts = [errors > 0 && plural(errors, 'error'), warnings > 0 && plural(warnings, 'warning')];
  return (
    <Button
      size="compact-sm"
      variant="light"
      color={errors > 0 ? 'red' : 'orange'}
      leftSection={<IconAlertTriangle size={14} />}
      aria-expanded={opened}
      onClick={onToggle}
    >
      {counts.filter(Boolean).join(', ')}
    </Button>
  );
}

function plural(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

/** Says that a text was taken from this browser, and lets it be dropped. */
function Restored({ editing }: { readonly editing: Editing }) {
  const { restored } = useStanding(editing);
  if (restored === undefined) return null;
  return (
    <Alert
      color="blue"
      icon={<IconHistory size={18} />}
      py={6}
      withCloseButton
      closeButtonLabel="Close"
      onClose={() => editing.standing.change({ restored: undefined })}
    >
      <Group gap="sm">
        <span>
          Restored what was not saved <When at={restored} />.
        </span>
        <Button size="compact-sm" variant="default" onClick={editing.drop}>
          Drop it
        </Button>
      </Group>
    </Alert>
  );
}

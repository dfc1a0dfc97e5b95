import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import { plainText } from '../../../ui/untrusted-text.ts';
import type { EditorModel, FullOutline } from './editor-model.ts';
import classes from './problem-list.module.css';

interface Props {
  readonly findings: FullOutline['findings'];
  readonly model: EditorModel;
  /** Called when somebody goes to a place of the text. */
  readonly onGo: () => void;
}

/** What the checker says, errors first; each leads to its place in the text and on the canvas. */
export function ProblemList({ findings, model, onGo }: Props) {
  const rank = { error: 0, warning: 1 };
  const sorted = findings.toSorted((one, other) => rank[one.severity] - rank[other.severity] || one.from - other.from);
  return (
    <ul className={classes.list} aria-label="Problems">
      {sorted.map((finding) => (
        <li key={`${finding.code}:${finding.from}:${finding.message}`}>
          <UnstyledButton
            className={classes.row}
            data-severity={finding.severity}
            onClick={() => {
              onGo();
              if (finding.step) model.select(finding.step);
              model.goTo(finding.from);
            }}
          >
            {finding.severity === 'error' ? (
              <IconCircleX size={15} aria-hidden />
            ) : (
              <IconAlertTriangle size={15} aria-hidden />
            )}
            <span className={classes.line}>line {finding.line}</span>
            <span className={classes.words}>
              {plainText(finding.message, 400)}
              {finding.suggestion && <span className={classes.suggestion}> {plainText(finding.suggestion, 300)}</span>}
            </span>
            <code className={classes.code}>{finding.code}</code>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

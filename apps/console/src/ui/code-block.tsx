import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import styles from './code-block.module.css';
import { showDone } from './notices.tsx';
import { Untrusted } from './untrusted.tsx';

interface CodeBlockProps {
  readonly text: string;
  /** What it is, for the copy button: `command`, `token`, … */
  readonly label: string;
  /** Letters shown at first; default 20,000. */
  readonly longest?: number;
}

/** What scrolls must be reachable by keyboard. */
const REACHABLE = { tabIndex: 0 } as const;

/** A text to be copied: a command, a token, a source. */
export function CodeBlock({ text, label, longest = 20_000 }: CodeBlockProps) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    showDone(`Copied the ${label}`);
  };
  return (
    <div className={styles.root}>
      <pre {...REACHABLE} className={styles.text}>
        <Untrusted text={text} longest={longest} />
      </pre>
      <Tooltip label="Copy">
        <ActionIcon
          className={styles.copy}
          variant="subtle"
          color="gray"
          aria-label={`Copy the ${label}`}
          onClick={() => void copy()}
        >
          <IconCopy size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

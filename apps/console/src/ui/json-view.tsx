import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import styles from './json-view.module.css';
import { showDone } from './notices.tsx';
import { Untrusted } from './untrusted.tsx';

interface JsonViewProps {
  readonly value: unknown;
  /** Levels that are open at first; default 2. */
  readonly open?: number;
  /** What it is, for the copy button's label. */
  readonly label?: string;
}

const FEW = 100;

function summaryOf(value: object): string {
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  const noun = Array.isArray(value) ? 'item' : 'field';
  return `${size.toLocaleString('en')} ${noun}${size === 1 ? '' : 's'}`;
}

function Leaf({ value }: { readonly value: unknown }) {
  if (typeof value === 'string') return <Untrusted text={value} c="var(--cp-json-text)" longest={400} />;
  const kind = value === null ? 'null' : typeof value;
  return <span className={styles.literal}>{kind === 'undefined' ? '–' : String(value)}</span>;
}

function Branch({ value, open }: { readonly value: object; readonly open: number }) {
  const [shown, setShown] = useState(FEW);
  const entries = Object.entries(value);
  return (
    <ul className={styles.list}>
      {entries.slice(0, shown).map(([name, inner]) => (
        <li key={name}>
          <Node name={name} value={inner} open={open - 1} />
        </li>
      ))}
      {entries.length > shown && (
        <li>
          <Button size="compact-xs" variant="subtle" onClick={() => setShown(shown + 10 * FEW)}>
            … {(entries.length - shown).toLocaleString('en')} more
          </Button>
        </li>
      )}
    </ul>
  );
}

function Node({ name, value, open }: { readonly name: string; readonly value: unknown; readonly open: number }) {
  const [unfolded, setUnfolded] = useState(open > 0);
  if (value === null || typeof value !== 'object') {
    return (
      <span>
        <Untrusted text={name} c="var(--cp-json-name)" longest={200} />: <Leaf value={value} />
      </span>
    );
  }
  return (
    <details open={unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary>
        <Untrusted text={name} c="var(--cp-json-name)" longest={200} />{' '}
        <span className={styles.dim}>{summaryOf(value)}</span>
      </summary>
      {unfolded && <Branch value={value} open={open} />}
    </details>
  );
}

/** Any JSON value as a tree to fold and unfold; big ones show a part at a time. Every text in it counts as untrusted. */
export function JsonView({ value, open = 2, label = 'value' }: JsonViewProps) {
  const copy = async () => {
    await navigator.clipboard.writeText(JSON.stringify(value, null, 2));
    showDone(`Copied the ${label} as JSON`);
  };
  return (
    <div className={styles.root}>
      <Group className={styles.tools}>
        <Tooltip label="Copy as JSON">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Copy the ${label} as JSON`}
            onClick={() => void copy()}
          >
            <IconCopy size={14} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {value !== null && typeof value === 'object' ? <Branch value={value} open={open} /> : <Leaf value={value} />}
    </div>
  );
}

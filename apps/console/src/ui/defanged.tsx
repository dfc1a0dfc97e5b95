import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import styles from './defanged.module.css';
import { OtherWriting } from './look-alikes.tsx';
import { showDone } from './notices.tsx';
import { Untrusted } from './untrusted.tsx';
import { defang } from './untrusted-text.ts';

interface DefangedProps {
  readonly value: string;
  /** Its kind, where it is known: what nobody can follow, such as the name of a file, stays as it is. */
  readonly type?: string;
  /** Default true: a menu that copies it, defanged or as it is. */
  readonly copy?: boolean;
}

async function toClipboard(text: string, what: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  showDone(what);
}

/** An observable, written so that nobody can follow it by accident. */
export function Defanged({ value, type = '', copy = true }: DefangedProps) {
  const safe = type.startsWith('file:') ? value : defang(value);
  return (
    <span className={styles.root}>
      <span className={styles.value}>
        <Untrusted text={safe} line ff="monospace" longest={300} />
        <OtherWriting value={value} />
      </span>
      {copy && (
        <Menu withinPortal position="bottom-start">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Copy this value" className={styles.copy}>
              <IconCopy size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void toClipboard(safe, 'Copied, defanged')}>Copy defanged</Menu.Item>
            <Menu.Item onClick={() => void toClipboard(value, 'Copied as it is: a link to it works')}>
              Copy as it is
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}

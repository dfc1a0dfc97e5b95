import { Group, Text } from '@mantine/core';
import { type MapWindow, WINDOWS } from '../parts/windows.ts';
import { KIND_WORDS } from './describe-node.ts';
import { KIND_ICONS } from './kind-icons.ts';
import styles from './legend.module.css';

const KINDS = ['participant', 'topic', 'reaction', 'playbook'] as const;

/** What shapes, lines and marks of the map mean. */
export function Legend({ window }: { readonly window: MapWindow }) {
  const { within } = WINDOWS[window];
  return (
    <Group gap="md" className={styles.legend ?? ''} component="aside" aria-label="Legend">
      {KINDS.map((kind) => {
        const Icon = KIND_ICONS[kind];
        return (
          <span key={kind} className={styles.entry}>
            <Icon size={14} aria-hidden className={styles.icon} data-kind={kind} />
            {KIND_WORDS[kind]}
          </span>
        );
      })}
      <span className={styles.entry}>
        <svg width="28" height="8" aria-hidden>
          <line x1="0" x2="28" y1="4" y2="4" className={styles.line} />
        </svg>
        events {within}, wider for more
      </span>
      <span className={styles.entry}>
        <svg width="28" height="8" aria-hidden>
          <line x1="0" x2="28" y1="4" y2="4" className={styles.idle} />
        </svg>
        none {within}
      </span>
      <span className={styles.entry}>
        <span className={styles.rate}>40/s</span> too many to draw one by one
      </span>
      <Text size="xs" c="dimmed" visibleFrom="lg">
        Click a topic or a line for its messages. Arrow keys walk.
      </Text>
    </Group>
  );
}

import { Group, Text } from '@mantine/core';
import { When } from '../../../ui/when.tsx';
import { KIND_WORDS } from './describe-node.ts';
import { KIND_ICONS } from './kind-icons.ts';
import styles from './legend.module.css';

const KINDS = ['participant', 'topic', 'reaction', 'playbook'] as const;

const HOUR = 3_600_000;
/** A map is a moment older than the hour that it counts. */
const SLACK = 60_000;

interface LegendProps {
  /** When the map was drawn, and from when on it counts events; Unix milliseconds. */
  readonly at: number;
  readonly countedSince: number;
}

/** What shapes, lines and marks of the map mean. */
export function Legend({ at, countedSince }: LegendProps) {
  const short = at - countedSince < HOUR - SLACK;
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
        events in the last hour, wider for more
      </span>
      <span className={styles.entry}>
        <svg width="28" height="8" aria-hidden>
          <line x1="0" x2="28" y1="4" y2="4" className={styles.idle} />
        </svg>
        none in the last hour
      </span>
      <span className={styles.entry}>
        <span className={styles.rate}>40/s</span> too many to draw one by one
      </span>
      {short && (
        <Text size="xs" c="dimmed">
          Counted since the server started, <When at={countedSince} />; what came before is not in these figures.
        </Text>
      )}
      <Text size="xs" c="dimmed" visibleFrom="lg">
        Click a topic or a line for its messages. Arrow keys walk.
      </Text>
    </Group>
  );
}

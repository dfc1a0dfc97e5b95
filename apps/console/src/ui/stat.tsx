import { Paper, Text, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { splitPath } from './app-link.tsx';
import styles from './stat.module.css';
import type { Tone } from './states.ts';

interface StatProps {
  /** What is counted. */
  readonly label: string;
  readonly value: ReactNode;
  /** A line below: what it is compared with, or since when. */
  readonly hint?: ReactNode;
  /** Colours the figure. Default: none. */
  readonly tone?: Tone;
  /** Where the figure is explained: path of a list with its query. */
  readonly to?: string;
  /** How the figure is computed, on hover and focus. */
  readonly means?: string;
}

/** One figure on a tile; leads to the list behind it. */
export function Stat({ means, ...tile }: StatProps) {
  if (means === undefined) return <Tile {...tile} />;
  return (
    <Tooltip label={means} multiline w={300} events={{ hover: true, focus: true, touch: false }}>
      <div className={styles.explained}>
        <Tile {...tile} />
      </div>
    </Tooltip>
  );
}

function Tile({ label, value, hint, tone, to }: Omit<StatProps, 'means'>) {
  const inside = (
    <>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <div className={styles.value} data-tone={tone ?? 'none'}>
        {value}
      </div>
      {hint && (
        <Text size="xs" c="dimmed" component="div">
          {hint}
        </Text>
      )}
    </>
  );
  if (to === undefined) {
    return (
      <Paper withBorder p="sm" className={styles.tile}>
        {inside}
      </Paper>
    );
  }
  return (
    <Paper withBorder p="sm" className={styles.tile} component={Link} {...splitPath(to)}>
      {inside}
    </Paper>
  );
}

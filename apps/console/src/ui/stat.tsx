import { Paper, Text } from '@mantine/core';
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
}

/** One figure on a tile; leads to the list behind it. */
export function Stat({ label, value, hint, tone, to }: StatProps) {
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

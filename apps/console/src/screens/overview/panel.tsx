import { Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  /** Right of the title: a switch, a link. */
  readonly side?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A titled part of the overview. */
export function Panel({ title, side, className, children }: PanelProps) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title} className={className ?? ''}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        {side}
      </Group>
      {children}
    </Paper>
  );
}

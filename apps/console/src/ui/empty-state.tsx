import { Stack, Text, ThemeIcon } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: TablerIcon;
  /** What is not there, in a few words. */
  readonly title: string;
  /** What it would be, and how it comes to be there. */
  readonly children: ReactNode;
  /** The next thing to do: a button or a link. */
  readonly action?: ReactNode;
}

/** What stands where nothing is yet: says what would be here and what to do about it. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" maw={520} mx="auto" ta="center">
      <ThemeIcon size={44} radius="xl" variant="default">
        <Icon size={24} aria-hidden />
      </ThemeIcon>
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
      {action}
    </Stack>
  );
}

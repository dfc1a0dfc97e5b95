import { Button, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { describeError } from './describe-error.ts';
import { Untrusted } from './untrusted.tsx';
import { WithCode } from './with-code.tsx';

interface ErrorPanelProps {
  readonly error: unknown;
  /** Tries again; without it there is no button. */
  readonly retry?: () => unknown;
  /** What could not be done, such as `The runs could not be read`. */
  readonly title?: string;
  /** The screen to go to instead. */
  readonly instead?: { readonly title: string; readonly path: string } | undefined;
}

/** The one presentation of an error in place of what could not be shown. */
export function ErrorPanel({ error, retry, title, instead }: ErrorPanelProps) {
  const { what, next, code } = describeError(error);
  return (
    <Paper withBorder p="md" role="alert" aria-label="Error">
      <Group align="flex-start" wrap="nowrap">
        <IconAlertTriangle aria-hidden color="var(--cp-bad)" size={22} />
        <Stack gap={6} flex={1} miw={0}>
          {title && <Text fw={600}>{title}</Text>}
          <Untrusted text={what} />
          <Text size="sm" c="dimmed">
            <WithCode text={next} />
          </Text>
          <Group gap="sm">
            <Code>{code}</Code>
            {retry && (
              <Button size="compact-sm" variant="light" leftSection={<IconRefresh size={14} />} onClick={() => retry()}>
                Try again
              </Button>
            )}
            {instead && (
              <Button size="compact-sm" variant="light" component={Link} to={instead.path}>
                To {instead.title}
              </Button>
            )}
          </Group>
        </Stack>
      </Group>
    </Paper>
  );
}

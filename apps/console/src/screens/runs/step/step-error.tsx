import { Alert, Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { WithCode } from '../../../ui/with-code.tsx';
import type { StepView } from '../run/run-view.ts';

/** Why a step failed, and what to do about it. */
export function StepError({ step: { error, status } }: { readonly step: StepView }) {
  if (!error) return null;
  return (
    <Alert
      color={status === 'failed' ? 'red' : 'orange'}
      icon={<IconAlertTriangle />}
      title={status === 'failed' ? 'Why it failed' : 'What went wrong'}
    >
      <Stack gap={4}>
        <Untrusted text={error.message} longest={1_000} />
        {error.help !== '' && (
          <Text size="sm" c="dimmed">
            <WithCode text={error.help} />
          </Text>
        )}
        <div>
          <Code>{error.code}</Code>
        </div>
      </Stack>
    </Alert>
  );
}

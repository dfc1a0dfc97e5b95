import { Alert, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { shortDuration } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { adviceFor } from './advice.ts';

/** How a test of a connection went. */
export interface Proven {
  readonly ok: boolean;
  readonly millis: number;
  readonly error: { readonly code: string; readonly message: string; readonly help: string } | null;
}

interface ProofProps {
  readonly proven: Proven;
  readonly connector: string;
  /** Whether a credential went with it. */
  readonly credential: boolean;
}

/** Says how a test went, and what to do when it failed. */
export function Proof({ proven, connector, credential }: ProofProps) {
  const { ok, millis, error } = proven;
  if (ok) {
    return (
      <Alert color="teal" icon={<IconCircleCheck />} role="status" title={`${connector} answers`}>
        It took {shortDuration(millis)}.{' '}
        {credential
          ? 'The test call went through with this credential.'
          : 'No credential was given, so none is proven.'}
      </Alert>
    );
  }
  const advice = adviceFor(error?.code ?? '', error?.message ?? '');
  return (
    <Alert color="red" icon={<IconCircleX />} role="alert" title="The test failed">
      <Stack gap={4}>
        <Text size="sm">
          <Untrusted text={error?.message ?? 'It did not end well.'} longest={400} />
        </Text>
        <Text size="sm" fw={500}>
          {advice ?? <Untrusted text={error?.help ?? ''} longest={300} />}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {error?.code}
        </Text>
      </Stack>
    </Alert>
  );
}

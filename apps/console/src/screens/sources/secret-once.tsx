import { Alert, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { CodeBlock } from '../../ui/code-block.tsx';
import { exampleOf, type Sending } from './sending.ts';

/** A secret right after it was made, and how to use it; nobody can read it again. */
export function SecretOnce(sending: Sending & { readonly secret: string }) {
  const { secret, url, auth } = sending;
  return (
    <Stack gap="sm">
      <Alert color="orange" icon={<IconKey />} title="Copy it now: it is shown this once">
        Give it to the tool that sends. If it is lost, make a new one.
      </Alert>
      <div>
        <Text size="sm" fw={500} mb={4}>
          {auth === 'token' ? 'Token' : 'Signing secret'}
        </Text>
        <CodeBlock text={secret} label={auth === 'token' ? 'token' : 'signing secret'} />
      </div>
      <div>
        <Text size="sm" fw={500} mb={4}>
          Address
        </Text>
        <CodeBlock text={url} label="address" />
      </div>
      <div>
        <Text size="sm" fw={500} mb={4}>
          Send a harmless test
        </Text>
        <CodeBlock text={exampleOf(sending)} label="command" />
      </div>
    </Stack>
  );
}

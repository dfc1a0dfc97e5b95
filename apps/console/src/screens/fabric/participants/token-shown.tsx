import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { CodeBlock } from '../../../ui/code-block.tsx';

interface TokenShownProps {
  readonly participant: string;
  /** Its text; undefined while there is none to be shown. */
  readonly token: string | undefined;
  readonly onClose: () => void;
}

function example(token: string): string {
  return [
    `curl -sS ${window.location.origin}/fabric/v1/join \\`,
    `  -H "authorization: Bearer ${token}" \\`,
    `  -H 'content-type: application/json' -d '{}'`,
  ].join('\n');
}

/** Shows the text of a new token, this once. */
export function TokenShown({ participant, token, onClose }: TokenShownProps) {
  return (
    <Modal
      opened={token !== undefined}
      onClose={onClose}
      title={`A token for ${participant}`}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="sm">
        <Text size="sm">
          Copy it now: it is shown this once, and only its fingerprint is kept. Whoever has it speaks for {participant}.
        </Text>
        <CodeBlock text={token ?? ''} label="token" />
        <Text size="sm" c="dimmed">
          With it, anything that speaks HTTP is a participant:
        </Text>
        <CodeBlock text={example(token ?? '')} label="command" />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have kept it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

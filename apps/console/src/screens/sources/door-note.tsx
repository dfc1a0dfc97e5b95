import { Alert, Group, Stack, Text } from '@mantine/core';
import { IconDoorOff } from '@tabler/icons-react';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import type { Source } from './account.ts';
import { doorWords } from './door.ts';

/** What a source refused at its door, in one line; nothing when that was nothing. */
export function DoorLine({ source }: { readonly source: Source }) {
  const door = doorWords(source);
  if (!door) return null;
  return (
    <Group gap={6} mt={8} c="var(--cp-warn)" wrap="nowrap" align="flex-start">
      <IconDoorOff size={16} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
      <Text size="sm">
        {door.summary}, the last one <When at={door.at} />
      </Text>
    </Group>
  );
}

/** What a source refused at its door, with the last reason, where it came from, and what to do. */
export function DoorAlert({ source }: { readonly source: Source }) {
  const door = doorWords(source);
  if (!door) return null;
  return (
    <Alert color="orange" icon={<IconDoorOff />} title={door.summary}>
      <Stack gap={4}>
        <Text size="sm">
          The last one <When at={door.at} />, from <Untrusted text={door.address} longest={60} />:{' '}
          <Untrusted text={door.reason} longest={300} />.
        </Text>
        <Text size="sm" fw={500}>
          {door.advice}
        </Text>
        <Text size="xs" c="dimmed">
          Nothing of it is kept, so it is not in the account below.
        </Text>
      </Stack>
    </Alert>
  );
}

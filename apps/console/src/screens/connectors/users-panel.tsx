import type { CallResult } from '@counterpoint/sdk';
import { Paper, Stack, Text, Title } from '@mantine/core';
import { AppLink } from '../../ui/app-link.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

type User = CallResult<'getConnection'>['playbooks'][number];

const KINDS: Readonly<Record<User['kind'], string>> = { playbook: 'Playbook', reaction: 'Reaction' };

const HOW: Readonly<Record<User['how'], string>> = {
  named: 'names it',
  connector: 'takes a connection of this product, whichever is enabled',
  capability: 'takes whoever can do it',
};

/** The playbooks and reactions that act through a connection, or would when the choice falls on it. */
export function UsersPanel({ playbooks }: { readonly playbooks: readonly User[] }) {
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        Used by
      </Title>
      {playbooks.length === 0 && (
        <Text size="sm" c="dimmed">
          No published playbook or reaction acts through it.
        </Text>
      )}
      <Stack gap="xs">
        {playbooks.map(({ id, title, kind, steps, how }) => (
          <div key={id}>
            <AppLink
              to={
                kind === 'reaction'
                  ? `/fabric/reactions/${encodeURIComponent(id)}`
                  : `/playbooks/${encodeURIComponent(id)}`
              }
              size="sm"
              fw={500}
            >
              <Untrusted text={title || id} longest={100} />
            </AppLink>
            <Text size="xs" c="dimmed">
              {KINDS[kind]}, {steps.length === 1 ? 'step' : 'steps'} {steps.slice(0, 5).join(', ')}
              {steps.length > 5 ? ` and ${steps.length - 5} more` : ''} · {HOW[how]}
            </Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}

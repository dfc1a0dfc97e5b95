import type { CallResult } from '@counterpoint/sdk';
import { Anchor, Badge, Code, Group, Paper, Table, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { labelOf } from '../../ui/schema-fields.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { NETWORKS } from './words.ts';

type Connection = CallResult<'getConnection'>;

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w="34%" fw={500} c="dimmed">
        {name}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

interface SettingsProps {
  readonly connection: Connection;
  /** Opens where a secret is entered anew; undefined: the reader may not. */
  readonly onReplace: (() => void) | undefined;
}

/** How a connection is configured and how far it reaches. */
export function SettingsPanel({ connection, onReplace }: SettingsProps) {
  const { config, secrets, network, allowed_hosts, site, created_at, updated_at } = connection;
  const scope = NETWORKS.find(({ value }) => value === network);
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        Settings
      </Title>
      <Table aria-label="Settings" verticalSpacing={6} horizontalSpacing="xs" layout="fixed">
        <Table.Tbody>
          {Object.entries((config ?? {}) as Record<string, unknown>).map(([name, value]) => (
            <Line key={name} name={labelOf(name)}>
              <Untrusted text={typeof value === 'string' ? value : JSON.stringify(value)} longest={300} />
            </Line>
          ))}
          {secrets.map((name) => (
            <Line key={name} name={labelOf(name)}>
              <Group gap={6}>
                <IconLock size={14} aria-hidden />
                <Text size="sm">set; in the vault</Text>
                {onReplace && (
                  <Anchor component="button" type="button" size="sm" onClick={onReplace} underline="always">
                    Replace
                  </Anchor>
                )}
              </Group>
            </Line>
          ))}
          <Line name="Network">
            {scope?.label ?? network}
            <Text size="xs" c="dimmed">
              {scope?.means}
            </Text>
          </Line>
          <Line name="Sends to">
            <Group gap={6}>
              {allowed_hosts.length === 0 && <Text size="sm">no host</Text>}
              {allowed_hosts.map((host) => (
                <Code key={host}>
                  <Untrusted text={host} longest={200} />
                </Code>
              ))}
              {allowed_hosts.length > 0 && (
                <Text size="xs" c="dimmed">
                  and nowhere else
                </Text>
              )}
            </Group>
          </Line>
          {site !== '' && (
            <Line name="Called by">
              the edge node <Badge variant="light">{site}</Badge>
            </Line>
          )}
          <Line name="Changed">
            <When at={updated_at} />, created <When at={created_at} />
          </Line>
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

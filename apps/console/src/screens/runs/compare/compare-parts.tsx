import { Paper, Table, Text } from '@mantine/core';
import { AppLink } from '../../../ui/app-link.tsx';
import { JsonView } from '../../../ui/json-view.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { Comparison } from './compare-words.ts';

/** Values that are not the same in two runs; nothing when all are. */
export function Differences({ title, items }: { readonly title: string; readonly items: Comparison['inputs'] }) {
  if (items.length === 0) return null;
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Table verticalSpacing={4} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th>A</Table.Th>
            <Table.Th>B</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ about, before, after }) => (
            <Table.Tr key={about}>
              <Table.Td>
                <Untrusted text={about} longest={120} />
              </Table.Td>
              <Table.Td>
                <Untrusted text={before} longest={300} />
              </Table.Td>
              <Table.Td>
                <Untrusted text={after} longest={300} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

interface CallsProps {
  readonly title: string;
  readonly run: string;
  readonly calls: Comparison['only_a'];
}

/** Calls that only one of two runs made, with what they were given. */
export function Calls({ title, run, calls }: CallsProps) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title} miw={0}>
      <Text fw={600} size="sm" mb={4}>
        {title}
      </Text>
      {calls.length === 0 && (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      )}
      {calls.slice(0, 50).map(({ address, name, with: input }) => (
        <div key={address}>
          <AppLink to={`/runs/${run}?step=${encodeURIComponent(address)}`}>
            <Untrusted text={`${address}: ${name}`} longest={120} />
          </AppLink>
          <JsonView value={input} open={0} label="arguments" />
        </div>
      ))}
      {calls.length > 50 && (
        <Text size="sm" c="dimmed">
          … {calls.length - 50} more
        </Text>
      )}
    </Paper>
  );
}

import { Accordion, Alert, Badge, Group, List, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { SeverityBadge, ToneBadge } from '../../ui/badges.tsx';
import { Defanged } from '../../ui/defanged.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { OUTCOMES, type Report, summaryOf, type Tried } from './tried.ts';

/** Times are numbers in a finding; people read them as times. */
function valueText(target: string, value: unknown): string {
  const time = typeof value === 'number' && /(?:^|[._])time$/.test(target) ? new Date(value) : undefined;
  if (time && !Number.isNaN(time.getTime())) return time.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Fields({ item }: { readonly item: Tried }) {
  return (
    <Table aria-label="Fields" verticalSpacing={3} horizontalSpacing="xs" fz="xs" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Field</Table.Th>
          <Table.Th>Value</Table.Th>
          <Table.Th>Taken from</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {item.fields.map(({ target, from, value }) => (
          <Table.Tr key={target}>
            <Table.Td>
              <Untrusted text={target} longest={120} />
            </Table.Td>
            <Table.Td>
              <Untrusted text={valueText(target, value)} longest={200} />
            </Table.Td>
            <Table.Td c="dimmed">
              <Untrusted text={from} longest={120} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Observables({ item }: { readonly item: Tried }) {
  if (item.observables.length === 0) return null;
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed" mb={4}>
        Observables
      </Text>
      <Group gap="xs">
        {item.observables.map(({ type, value }) => (
          <Group key={`${type} ${value}`} gap={4} wrap="nowrap">
            <Badge size="xs" variant="light" color="gray" tt="none">
              {type}
            </Badge>
            <Defanged value={value} />
          </Group>
        ))}
      </Group>
    </div>
  );
}

function Finding({ item }: { readonly item: Tried }) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        Counted with others under <Untrusted text={item.finding_key ?? '–'} longest={300} ff="monospace" />
      </Text>
      {item.issues.length > 0 && (
        <Alert
          color="orange"
          icon={<IconAlertTriangle />}
          title="The finding is not as OCSF says; the normaliser has a fault"
        >
          <List size="sm">
            {item.issues.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>
                <Untrusted text={`${path}: ${message}`} longest={200} />
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Observables item={item} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
        <Fields item={item} />
        <div>
          <Text size="xs" fw={600} c="dimmed" mb={4}>
            As it came
          </Text>
          <JsonView value={item.input} label="item" open={2} />
        </div>
      </SimpleGrid>
    </Stack>
  );
}

function Item({ item }: { readonly item: Tried }) {
  const { word, tone, means } = OUTCOMES[item.outcome];
  return (
    <Accordion.Item value={String(item.item)}>
      <Accordion.Control>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            item {item.item + 1}
          </Text>
          <ToneBadge tone={tone} word={word} means={means} />
          {item.severity && <SeverityBadge severity={item.severity.toLowerCase()} />}
          <Untrusted text={item.title ?? item.reason} line longest={200} />
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {item.finding === null ? (
          <Stack gap="sm">
            <Text size="sm">
              <Untrusted text={`${means} Reason: ${item.reason}.`} />
            </Text>
            <JsonView value={item.input} label="item" open={1} />
          </Stack>
        ) : (
          <Finding item={item} />
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** How a text would be read: by whom, item by item, field by field. */
export function TriedReport({ report }: { readonly report: Report }) {
  const { problem, detected, items, total } = report;
  const others = detected.filter((id) => id !== report.normalizer);
  return (
    <Stack gap="sm" role="status">
      <Alert color={problem ? 'orange' : 'teal'} title={<Untrusted text={summaryOf(report)} longest={300} />}>
        {problem ? (
          <Untrusted text={problem.advice} longest={600} />
        ) : (
          <Text size="sm">
            {others.length > 0 ? `It would also be detected by ${others.join(', ')}. ` : ''}Nothing was stored.
          </Text>
        )}
      </Alert>
      {items.length > 0 && (
        <Accordion multiple variant="separated" chevronPosition="left" defaultValue={items.length === 1 ? ['0'] : []}>
          {items.map((item) => (
            <Item key={item.item} item={item} />
          ))}
        </Accordion>
      )}
      {total > items.length && (
        <Text size="sm" c="dimmed">
          The first {items.length} of {total} items are shown.
        </Text>
      )}
    </Stack>
  );
}

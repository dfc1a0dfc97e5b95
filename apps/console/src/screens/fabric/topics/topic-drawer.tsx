import { Anchor, Drawer, Group, Stack, Table, Tabs, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ToneBadge } from '../../../ui/badges.tsx';
import { JsonView } from '../../../ui/json-view.tsx';
import { Ref } from '../../../ui/ref.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { plainText } from '../../../ui/untrusted-text.ts';
import { EventFeed } from '../parts/event-feed.tsx';
import { type MapWindow, WINDOWS } from '../parts/windows.ts';
import { counted } from '../parts/words.ts';
import { fieldsOf } from './schema-fields.ts';
import type { Topic } from './topic.ts';
import styles from './topic-drawer.module.css';

interface TopicDrawerProps {
  /** Undefined while nobody knows it (any more). */
  readonly topic: Topic | undefined;
  /** The topic that is open; empty: none. */
  readonly name: string;
  /** What its figures are of. */
  readonly window: MapWindow;
  readonly onClose: () => void;
}

function Ends({
  label,
  refs,
  none,
}: {
  readonly label: string;
  readonly refs: readonly string[];
  readonly none: string;
}) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {refs.length === 0 && <Text size="sm">{none}</Text>}
      <ul className={styles.list}>
        {refs.map((ref) => (
          <li key={ref}>
            <Text size="sm" component="span">
              {ref === 'server' ? 'This server' : <Ref to={ref} />}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Schema({ schema }: { readonly schema: Topic['schema'] }) {
  const fields = fieldsOf(schema);
  if (schema === null) {
    return <Text size="sm">It has no schema: its data may have any form, and nothing that acts should trust it.</Text>;
  }
  return (
    <Stack gap="sm">
      {fields.length > 0 && (
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Field</Table.Th>
                <Table.Th>Holds</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map(({ name, type, required, description, untrusted }) => (
                <Table.Tr key={name}>
                  <Table.Td className={styles.field ?? ''}>
                    {name}
                    {required && (
                      <Text span size="xs" c="dimmed">
                        {' '}
                        required
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">{type}</Text>
                    {description !== '' && (
                      <Text size="xs" c="dimmed">
                        {description}
                      </Text>
                    )}
                    {untrusted && (
                      <ToneBadge tone="warn" word="written by others" means="A tool or a mail can put anything here" />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <JsonView value={schema} open={1} label="schema" />
    </Stack>
  );
}

function Details({ topic, window }: { readonly topic: Topic; readonly window: MapWindow }) {
  return (
    <Stack gap="md">
      {topic.title !== '' && (
        <Text size="sm" component="div">
          <Untrusted text={topic.title} />
        </Text>
      )}
      <Group gap="xl" align="flex-start">
        <Ends label="Published by" refs={topic.publishers} none="nobody" />
        <Ends label="Taken by" refs={topic.takers} none="nobody" />
        <div>
          <Text size="xs" c="dimmed">
            Events {WINDOWS[window].within}
          </Text>
          <Text size="sm">{topic.events.toLocaleString('en')}</Text>
        </div>
        {topic.dead > 0 && (
          <Anchor component={Link} to="/fabric/dead" size="sm" c="var(--cp-bad)">
            {counted(topic.dead, 'dead letter')}
          </Anchor>
        )}
      </Group>
      <Group gap="md">
        <Anchor component={Link} to="/fabric/what-if" search={{ topic: topic.topic } as never} size="sm">
          What would happen if…
        </Anchor>
        <Anchor component={Link} to="/fabric" search={{ focus: `topic:${topic.topic}` } as never} size="sm">
          Show on the map
        </Anchor>
      </Group>
      <Tabs defaultValue="messages" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="messages">Messages</Tabs.Tab>
          <Tabs.Tab value="schema">Schema</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="messages" pt="sm">
          <EventFeed topic={topic.topic} />
        </Tabs.Panel>
        <Tabs.Panel value="schema" pt="sm">
          <Schema schema={topic.schema} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** A topic with its ends, its messages as they come, and its schema. */
export function TopicDrawer({ topic, name, window, onClose }: TopicDrawerProps) {
  return (
    <Drawer
      opened={name !== ''}
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Text fw={650} ff="monospace" className={styles.name ?? ''}>
          <bdi>{plainText(name, 300)}</bdi>
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {topic ? <Details topic={topic} window={window} /> : name !== '' && <EventFeed topic={name} />}
    </Drawer>
  );
}

import { Anchor, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconFocus2, IconHelpHexagon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ToneBadge } from '../../../ui/badges.tsx';
import { plainText } from '../../../ui/untrusted-text.ts';
import { EventFeed } from '../parts/event-feed.tsx';
import { WINDOWS } from '../parts/windows.ts';
import { counted, MODES, nameOf, sentenceOf } from '../parts/words.ts';
import { faceOf } from './describe-node.ts';
import styles from './map-drawer.module.css';
import type { MapEdge, MapGraph, MapNode } from './map-graph.ts';

interface MapDrawerProps {
  readonly whole: MapGraph;
  /** The node or edge that is open; empty: none. */
  readonly at: string;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

function sentence(edge: MapEdge, from: MapNode, to: MapNode): string {
  const text = sentenceOf(edge, nameOf(from), nameOf(to));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Marks({ node, window }: { readonly node: MapNode } & Pick<MapGraph, 'window'>) {
  const { line, marks } = faceOf(node, window);
  return (
    <Group gap={6}>
      <Text size="sm" c="dimmed">
        {plainText(line, 120)}
      </Text>
      {marks.map(({ word, tone }) => (
        <ToneBadge key={word} word={word} tone={tone} />
      ))}
    </Group>
  );
}

/** The edges of a node as sentences; each leads to what went over it. */
function Connections({ whole, node, onSelect }: Pick<MapDrawerProps, 'whole' | 'onSelect'> & { node: MapNode }) {
  const known = new Map(whole.nodes.map((one) => [one.id, one]));
  const own = whole.edges.filter(({ from, to }) => from === node.id || to === node.id);
  if (own.length === 0) return <Text size="sm">It publishes and takes nothing yet.</Text>;
  return (
    <Stack gap={4} component="ul" className={styles.list ?? ''} aria-label="What it is connected with">
      {own.map((edge) => {
        const [from, to] = [known.get(edge.from), known.get(edge.to)];
        if (!from || !to) return null;
        return (
          <li key={edge.id}>
            <Anchor
              component="button"
              size="sm"
              ta="left"
              className={styles.words ?? ''}
              onClick={() => onSelect(edge.id)}
            >
              {plainText(sentence(edge, from, to), 400)}
            </Anchor>{' '}
            <Text size="xs" c="dimmed" component="span">
              {counted(edge.events, 'event')} {WINDOWS[whole.window].within}
            </Text>
          </li>
        );
      })}
    </Stack>
  );
}

function TopicMessages({ topic, participant }: { readonly topic: string; readonly participant?: string }) {
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600} size="sm">
          Messages{participant === undefined ? '' : ` of ${participant}`}
        </Text>
        <Anchor size="sm" component={Link} to="/fabric/what-if" search={{ topic } as never}>
          <IconHelpHexagon size={14} aria-hidden className={styles.icon} /> What would happen if…
        </Anchor>
      </Group>
      <EventFeed topic={topic} {...(participant === undefined ? {} : { participant })} />
    </Stack>
  );
}

const PATHS: Readonly<Partial<Record<MapNode['kind'], (id: string) => string>>> = {
  participant: (id) => `/fabric/participants/${encodeURIComponent(id)}`,
  reaction: (id) => `/fabric/reactions/${encodeURIComponent(id)}`,
  playbook: (id) => `/playbooks/${encodeURIComponent(id)}`,
};

function NodeDetails({ node, ...rest }: Omit<MapDrawerProps, 'at'> & { readonly node: MapNode }) {
  const path =
    node.kind === 'server' || node.kind === 'topic' || node.kind === 'group'
      ? undefined
      : PATHS[node.kind]?.(node.of.id);
  return (
    <Stack gap="md">
      <Marks node={node} window={rest.whole.window} />
      {node.kind === 'reaction' && <Text size="sm">{MODES[node.of.mode]?.means}</Text>}
      {node.kind === 'topic' && node.of.title !== '' && <Text size="sm">{plainText(node.of.title, 300)}</Text>}
      <Group gap="xs">
        {path && (
          <Button component={Link} to={path} size="compact-sm" variant="light">
            Open the {node.kind}
          </Button>
        )}
        {node.kind === 'topic' && (
          <Button
            component={Link}
            to="/fabric/topics"
            search={{ topic: node.of.topic } as never}
            size="compact-sm"
            variant="light"
          >
            Schema of the topic
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconFocus2 size={14} />}
          onClick={() => rest.onFocus(node.id)}
        >
          Show only what is connected
        </Button>
      </Group>
      <Connections whole={rest.whole} node={node} onSelect={rest.onSelect} />
      {node.kind === 'topic' && <TopicMessages topic={node.of.topic} />}
      {node.kind === 'group' && <GroupTopics node={node} window={rest.whole.window} />}
    </Stack>
  );
}

interface GroupProps extends Pick<MapGraph, 'window'> {
  readonly node: Extract<MapNode, { readonly kind: 'group' }>;
}

function GroupTopics({ node, window }: GroupProps) {
  const shown = node.of.topics.slice(0, 100);
  return (
    <Stack gap={4} component="ul" className={styles.list ?? ''} aria-label="Topics of other systems">
      {shown.map(({ topic, events }) => (
        <li key={topic}>
          <Anchor
            component={Link}
            to="/fabric/topics"
            search={{ topic } as never}
            size="sm"
            ff="monospace"
            className={styles.words ?? ''}
          >
            {plainText(topic, 200)}
          </Anchor>{' '}
          <Text size="xs" c="dimmed" component="span">
            {counted(events, 'event')} {WINDOWS[window].within}
          </Text>
        </li>
      ))}
      {node.of.topics.length > shown.length && <li>and {node.of.topics.length - shown.length} more</li>}
    </Stack>
  );
}

/** The topic that an edge is about, and whose messages are meant. */
function EdgeDetails({
  whole,
  edge,
  onSelect,
}: Pick<MapDrawerProps, 'whole' | 'onSelect'> & { readonly edge: MapEdge }) {
  const [from, to] = [edge.from, edge.to].map((id) => whole.nodes.find((node) => node.id === id));
  if (!from || !to) return null;
  const topic = from.kind === 'topic' ? from : to.kind === 'topic' ? to : undefined;
  const group = from.kind === 'group' ? from : to.kind === 'group' ? to : undefined;
  const publisher = from.kind === 'participant' ? from.of.id : undefined;
  return (
    <Stack gap="md">
      <Text size="sm" className={styles.words ?? ''}>
        {plainText(sentence(edge, from, to), 400)}. {counted(edge.events, 'event')} {WINDOWS[whole.window].within}.
      </Text>
      <Group gap="xs">
        {[from, to].map((node) => (
          <Button key={node.id} size="compact-sm" variant="default" onClick={() => onSelect(node.id)}>
            {plainText(nameOf(node), 40)}
          </Button>
        ))}
      </Group>
      {topic && (
        <TopicMessages topic={topic.of.topic} {...(publisher === undefined ? {} : { participant: publisher })} />
      )}
      {group && <GroupTopics node={group} window={whole.window} />}
    </Stack>
  );
}

function titled(
  whole: MapGraph,
  at: string,
): { readonly title: string; readonly node?: MapNode; readonly edge?: MapEdge } {
  const node = whole.nodes.find(({ id }) => id === at);
  if (node) return { title: nameOf(node), node };
  const edge = whole.edges.find(({ id }) => id === at);
  return edge ? { title: 'Messages on the way', edge } : { title: 'Gone' };
}

/** What is behind a node or an edge of the map: who it is, what it is connected with, the messages. */
export function MapDrawer({ whole, at, onSelect, onFocus }: MapDrawerProps) {
  const { title, node, edge } = titled(whole, at);
  const content: ReactNode = node ? (
    <NodeDetails whole={whole} node={node} onSelect={onSelect} onFocus={onFocus} />
  ) : edge ? (
    <EdgeDetails whole={whole} edge={edge} onSelect={onSelect} />
  ) : (
    <Text size="sm">It is not on the map any more.</Text>
  );
  return (
    <Drawer
      opened={at !== ''}
      onClose={() => onSelect('')}
      position="right"
      size={480}
      withOverlay={false}
      lockScroll={false}
      title={
        <Text fw={650} className={styles.words ?? ''}>
          <bdi>{plainText(title.charAt(0).toUpperCase() + title.slice(1), 200)}</bdi>
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {content}
    </Drawer>
  );
}

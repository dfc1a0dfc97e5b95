import { Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { plainText } from '../../../ui/untrusted-text.ts';
import { faceOf, KIND_WORDS } from './describe-node.ts';
import { KIND_ICONS } from './kind-icons.ts';
import type { MapGraph, MapNode } from './map-graph.ts';
import styles from './outline.module.css';
import { type TwinEnd, type TwinTopic, twinOf } from './twin.ts';

interface OutlineProps {
  readonly graph: MapGraph;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

type Choose = Pick<OutlineProps, 'selected' | 'onSelect'> & Pick<MapGraph, 'window'>;

function NodeButton({ node, selected, onSelect, window }: Choose & { readonly node: MapNode }) {
  const { title, line, marks } = faceOf(node, window);
  const Icon = KIND_ICONS[node.kind];
  return (
    <UnstyledButton
      className={styles.node ?? ''}
      data-kind={node.kind}
      data-selected={selected === node.id || undefined}
      onClick={() => onSelect(node.id)}
    >
      <Icon size={15} className={styles.icon} aria-label={KIND_WORDS[node.kind]} />
      <span className={styles.title}>
        <bdi>{plainText(title, 160)}</bdi>
      </span>
      <span className={styles.line}>{plainText(line, 80)}</span>
      {marks.map((mark) => (
        <span key={mark.word} className={styles.mark} data-tone={mark.tone}>
          {mark.word}
        </span>
      ))}
    </UnstyledButton>
  );
}

const WAYS: Readonly<Record<TwinEnd['edge']['kind'], string>> = {
  publish: 'publishes',
  on_error: 'when it fails',
  announce: 'announces',
  subscribe: 'takes',
  trigger: 'started by it',
  wait: 'waits for it',
};

function wayOf({ kind, conditional }: TwinEnd['edge']): string {
  return conditional && kind === 'trigger' ? `${WAYS[kind]}, under a condition` : WAYS[kind];
}

function Ends({ label, ends, none, ...choose }: Choose & { label: string; ends: readonly TwinEnd[]; none: string }) {
  return (
    <div className={styles.ends}>
      <Text size="xs" c="dimmed" className={styles.way ?? ''}>
        {label}
      </Text>
      {ends.length === 0 ? (
        <Text size="xs" c="dimmed">
          {none}
        </Text>
      ) : (
        <ul className={styles.list}>
          {ends.map(({ node, edge }) => (
            <li key={edge.id} className={styles.end}>
              <NodeButton node={node} {...choose} />
              <UnstyledButton
                className={styles.edge ?? ''}
                data-selected={choose.selected === edge.id || undefined}
                onClick={() => choose.onSelect(edge.id)}
                aria-label={`${wayOf(edge)}, messages of ${plainText(node.id, 80)}`}
              >
                {wayOf(edge)}
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Topic({ topic, ...choose }: Choose & { readonly topic: TwinTopic }) {
  return (
    <li className={styles.topic}>
      <NodeButton node={topic.node} {...choose} />
      <div className={styles.sides}>
        <Ends label="From" ends={topic.publishers} none="nobody publishes it" {...choose} />
        <Ends label="To" ends={topic.takers} none="nobody takes it" {...choose} />
      </div>
    </li>
  );
}

/** The map as a list: every topic with who publishes and who takes it. Shows what the map shows, for every reader. */
export function Outline({ graph, ...rest }: OutlineProps) {
  const choose = { ...rest, window: graph.window };
  const { topics, alone } = twinOf(graph);
  return (
    <Stack gap="md" className={styles.outline ?? ''}>
      <section aria-label="Topics">
        <ul className={styles.list}>
          {topics.map((topic) => (
            <Topic key={topic.node.id} topic={topic} {...choose} />
          ))}
        </ul>
      </section>
      {alone.length > 0 && (
        <section aria-label="Without topics">
          <Title order={2} size="h6" mb={4}>
            Publish and take nothing yet
          </Title>
          <ul className={styles.list}>
            {alone.map((node) => (
              <li key={node.id}>
                <NodeButton node={node} {...choose} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}

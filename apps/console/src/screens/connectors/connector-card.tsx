import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EffectBadge, ToneBadge } from '../../ui/badges.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import styles from './catalogue.module.css';
import { ConnectorMark } from './connector-mark.tsx';
import { GradeBadge } from './health-badge.tsx';
import { classesOf, type Listed } from './words.ts';

function Connected({ connections }: Pick<Listed, 'connections'>) {
  const { total, enabled, failing } = connections;
  if (total === 0) return null;
  if (failing > 0) return <ToneBadge tone="bad" word={`${failing} of ${enabled} fail`} />;
  const word = enabled === 0 ? 'disabled' : `${enabled} connected`;
  return <ToneBadge tone={enabled === 0 ? 'calm' : 'good'} word={word} />;
}

function Kind({ kind, grade }: Pick<Listed, 'kind' | 'grade'>) {
  if (grade) return <GradeBadge grade={grade} />;
  return (
    <Badge variant="light" color="gray" size="sm" radius="sm" tt="none">
      {kind === 'participant' ? 'participant' : 'built in'}
    </Badge>
  );
}

/** A connector in the catalogue. */
export function ConnectorCard({ connector }: { readonly connector: Listed }) {
  const { id, title, vendor, description, actions, kind, grade, connections } = connector;
  return (
    <Paper withBorder className={styles.card} component={Link} to={`/connectors/${encodeURIComponent(id)}`}>
      <Group wrap="nowrap" gap="sm">
        <ConnectorMark title={title} kind={kind} />
        <Stack gap={0} miw={0} flex={1}>
          <Text fw={650} component="h2" lh={1.25} lineClamp={2}>
            <Untrusted text={title} longest={80} />
          </Text>
          <Text size="xs" c="dimmed">
            <Untrusted text={vendor} line longest={80} />
          </Text>
        </Stack>
        <Connected connections={connections} />
      </Group>
      <Text size="sm" c="dimmed" className={styles.about}>
        <Untrusted text={description} longest={300} line={false} />
      </Text>
      <Group gap={6}>
        <Kind kind={kind} grade={grade} />
        {classesOf(actions).map((effect) => (
          <EffectBadge key={effect} effect={effect} />
        ))}
      </Group>
    </Paper>
  );
}

import { Anchor, Button, Code, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconShieldCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useApi } from '../../../app/use-api.ts';
import { ToneBadge } from '../../../ui/badges.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { counted } from '../parts/words.ts';
import styles from './check-panel.module.css';
import { type Finding, placeOfFinding, tally } from './findings.ts';

interface CheckButtonProps {
  readonly opened: boolean;
  readonly onChange: (opened: boolean) => void;
}

const TONES = { error: 'bad', warning: 'warn', info: 'calm' } as const;

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { code, severity, message, help, suggestion, of, line } = finding;
  const place = placeOfFinding(of);
  return (
    <li className={styles.finding}>
      <Group gap="xs">
        <ToneBadge tone={TONES[severity]} word={severity} />
        {place ? (
          <Anchor component={Link} to={place.path} search={place.search as never} size="sm">
            {of}, line {line}
          </Anchor>
        ) : (
          <Text size="sm" c="dimmed">
            {of}
          </Text>
        )}
        <Code>{code}</Code>
      </Group>
      <Text size="sm" component="div">
        <Untrusted text={message} />
      </Text>
      <Text size="xs" c="dimmed">
        {help}
        {suggestion !== null && ` Did you mean: ${suggestion}`}
      </Text>
    </li>
  );
}

function Findings() {
  const { data, error, refetch } = useApi('checkFabric', {});
  if (error && !data) return <ErrorPanel error={error} retry={refetch} />;
  if (!data) return <LoadingRows rows={5} />;
  if (data.findings.length === 0) {
    return (
      <EmptyState icon={IconCheck} title="It all fits together">
        {counted(data.actors, 'actor')} and {counted(data.topics, 'topic')} were looked at: no circles, no topic that
        nobody publishes, no failure that nobody handles.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        How published reactions, playbooks and participants fit together. Conditions are not evaluated: it tells what
        could happen, not what will.
      </Text>
      <ul className={styles.list}>
        {data.findings.map((finding) => (
          <FindingRow
            key={`${finding.of} ${finding.line} ${finding.column} ${finding.code} ${finding.message}`}
            finding={finding}
          />
        ))}
      </ul>
    </Stack>
  );
}

/** Tells how many findings the check of the fabric has, and opens them. */
export function CheckButton({ opened, onChange }: CheckButtonProps) {
  const { data } = useApi('checkFabric', {});
  const { words, tone } = tally(data?.findings ?? []);
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        color={{ bad: 'red', warn: 'orange', calm: 'gray', good: 'teal' }[tone]}
        leftSection={<IconShieldCheck size={14} />}
        onClick={() => onChange(true)}
      >
        Check{data ? `: ${words}` : ''}
      </Button>
      <Drawer
        opened={opened}
        onClose={() => onChange(false)}
        position="right"
        size="lg"
        title="Check of the fabric"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened && <Findings />}
      </Drawer>
    </>
  );
}

import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { AppLink } from '../../ui/app-link.tsx';
import { ToneBadge } from '../../ui/badges.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { type Matter, shownMatter, URGENCY } from './matters.ts';
import styles from './overview.module.css';

function Line({ matter }: { readonly matter: Matter }) {
  const { title, verb, path } = shownMatter(matter);
  const { word, tone } = URGENCY[matter.urgency];
  return (
    <li className={styles.matter} data-tone={tone}>
      <ToneBadge tone={tone} word={word} />
      <div className={styles.what}>
        <AppLink to={path} fw={600} size="sm" c="inherit">
          {title}
        </AppLink>
        <Text size="xs" c="dimmed" component="div" className={styles.detail ?? ''}>
          {matter.since !== null && (
            <span className={styles.figure}>
              {matter.count > 1 ? 'the oldest ' : ''}
              <When at={matter.since} />
              {matter.detail === '' ? '' : ' ·'}
            </span>
          )}
          <Untrusted text={matter.detail} line longest={160} />
        </Text>
      </div>
      <AppLink to={path} size="sm" className={styles.verb ?? ''}>
        {verb}
      </AppLink>
    </li>
  );
}

/** Nothing is urgent; what lies in the queue all the same is not kept quiet. */
function NothingUrgent({ fresh }: { readonly fresh: number }) {
  return (
    <Group gap="sm" py="xs" wrap="nowrap">
      <IconCircleCheck size={24} className={styles.icon} color="var(--cp-good)" aria-hidden />
      <Stack gap={0}>
        <Text fw={600} size="sm">
          {fresh === 0 ? 'Nothing. All is well.' : 'Nothing urgent.'}
        </Text>
        <Text size="xs" c="dimmed">
          Nobody waits for a decision, nothing failed in the last 24 hours, everything that should be undone was.
          {fresh > 0 && (
            <>
              {' '}
              <AppLink to="/alerts?status=new" underline="always">
                {fresh.toLocaleString('en')} new {fresh === 1 ? 'alert' : 'alerts'}
              </AppLink>{' '}
              {fresh === 1 ? 'waits' : 'wait'}; no serious one for over an hour.
            </>
          )}
        </Text>
      </Stack>
    </Group>
  );
}

interface MattersProps {
  readonly matters: readonly Matter[];
  /** How many alerts are new. */
  readonly fresh: number;
}

/** What needs somebody now, the most urgent first, each one click away. */
export function Matters({ matters, fresh }: MattersProps) {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="needs">
      <Title order={2} size="h5" mb="xs" id="needs">
        What needs you
      </Title>
      {matters.length === 0 ? (
        <NothingUrgent fresh={fresh} />
      ) : (
        <ul className={styles.matters}>
          {matters.map((matter) => (
            <Line key={matter.kind} matter={matter} />
          ))}
        </ul>
      )}
    </Paper>
  );
}

import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { Fragment } from 'react';
import { AppLink } from '../../ui/app-link.tsx';
import { ToneBadge } from '../../ui/badges.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { type Matter, shownMatter, URGENCY } from './matters.ts';
import styles from './overview.module.css';

/** How much waits for whoever takes it. */
interface Waits {
  /** New alerts. */
  readonly alerts: number;
  /** Open cases without an owner. */
  readonly cases: number;
}

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

/** What waits for nobody in particular: alerts and cases, each with the list of them. */
function Waiting({ waiting: { alerts, cases } }: { readonly waiting: Waits }) {
  const kinds = [
    { count: alerts, words: alerts === 1 ? 'new alert' : 'new alerts', to: '/alerts?status=new' },
    {
      ...{ count: cases, to: '/cases?status=open&owner=none' },
      words: cases === 1 ? 'open case without an owner' : 'open cases without an owner',
    },
  ].filter(({ count }) => count > 0);
  if (kinds.length === 0) return null;
  return (
    <>
      {kinds.map(({ count, words, to }, index) => (
        <Fragment key={to}>
          {index === 0 ? ' ' : ' and '}
          <AppLink to={to} underline="always">
            {count.toLocaleString('en')} {words}
          </AppLink>
        </Fragment>
      ))}{' '}
      {alerts + cases === 1 ? 'waits' : 'wait'}; no serious one for over an hour.
    </>
  );
}

/** Nothing is urgent; what lies in the queues all the same is not kept quiet. */
function NothingUrgent({ waiting }: { readonly waiting: Waits }) {
  return (
    <Group gap="sm" py="xs" wrap="nowrap">
      <IconCircleCheck size={24} className={styles.icon} color="var(--cp-good)" aria-hidden />
      <Stack gap={0}>
        <Text fw={600} size="sm">
          {waiting.alerts + waiting.cases === 0 ? 'Nothing. All is well.' : 'Nothing urgent.'}
        </Text>
        <Text size="xs" c="dimmed">
          Nobody waits for a decision, nothing failed in the last 24 hours, everything that should be undone was.
          <Waiting waiting={waiting} />
        </Text>
      </Stack>
    </Group>
  );
}

interface MattersProps {
  readonly matters: readonly Matter[];
  readonly waiting: Waits;
}

/** What needs somebody now, the most urgent first, each one click away. */
export function Matters({ matters, waiting }: MattersProps) {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="needs">
      <Title order={2} size="h5" mb="xs" id="needs">
        What needs you
      </Title>
      {matters.length === 0 ? (
        <NothingUrgent waiting={waiting} />
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

import type { CallResult } from '@counterpoint/sdk';
import { Badge, Button, Group, Text } from '@mantine/core';
import { useAction, useApi } from '../../app/use-api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { Section } from './section.tsx';
import styles from './settings.module.css';
import { describeAgent } from './user-agent.ts';

type Session = CallResult<'listSessions'>['items'][number];

function SessionLine({
  session,
  onEnd,
  busy,
}: {
  readonly session: Session;
  readonly onEnd: () => void;
  readonly busy: boolean;
}) {
  const { current, user_agent, address, seen_at, created_at, ends_at } = session;
  return (
    <li className={styles.line}>
      <div>
        <Group gap="xs">
          <span title={user_agent}>{describeAgent(user_agent)}</span>
          {current && <Badge variant="light">this browser</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          from <Untrusted text={address} line /> · signed in <When at={created_at} /> · used <When at={seen_at} /> ·
          ends <When at={ends_at} /> at the latest
        </Text>
      </div>
      {!current && (
        <Button variant="default" size="compact-sm" onClick={onEnd} loading={busy}>
          Sign out
        </Button>
      )}
    </li>
  );
}

/** Where one is signed in. */
export function Sessions() {
  const read = useApi('listSessions', {});
  const end = useAction('endSession', { done: 'Signed out there', refresh: ['listSessions'] });
  return (
    <Section
      title="Where you are signed in"
      about="Sign out whatever you do not recognise, and change your password then."
    >
      {read.isPending && <LoadingRows rows={2} height={44} />}
      {read.error && <ErrorPanel error={read.error} retry={() => read.refetch()} />}
      {read.data && (
        <ul className={styles.lines}>
          {read.data.items.map((session) => (
            <SessionLine
              key={session.id}
              session={session}
              busy={end.isPending && end.variables?.id === session.id}
              onEnd={() => end.mutate({ id: session.id })}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

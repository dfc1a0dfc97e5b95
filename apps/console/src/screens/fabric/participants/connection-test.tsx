import { Button, Text } from '@mantine/core';
import { useMay } from '../../../app/session.tsx';
import { useAction } from '../../../app/use-api.ts';
import { shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { Section } from '../parts/section.tsx';
import type { ParticipantDetails } from './participant-rows.ts';
import styles from './participant-sections.module.css';
import { type ParticipantTest, testWords, VIAS } from './test-words.ts';

interface Of {
  readonly one: ParticipantDetails;
}

function Outcome({ one, test }: Of & { readonly test: ParticipantTest }) {
  const { tone, text, more } = testWords(test, one);
  const [session] = test.sessions;
  return (
    <div className={styles.outcome} data-tone={tone} role="status">
      <Text fw={600} size="sm">
        {text}
      </Text>
      <Text size="sm" component="div">
        {test.error && (
          <>
            <Untrusted text={test.error.message} longest={600} /> {test.error.help}
          </>
        )}
        {more} {test.outcome === 'unasked' && session && <HeardLast at={session.heard_at} />}
      </Text>
      <Text size="xs" c="dimmed">
        Tested <When at={test.at} />
      </Text>
    </div>
  );
}

function HeardLast({ at }: { readonly at: number }) {
  return (
    <>
      It was heard of <When at={at} />.
    </>
  );
}

function Sessions({ one: { sessions, state } }: Of) {
  if (sessions.length === 0) {
    return (
      <Text size="sm">
        {state === 'online' ? 'It is connected to another process of this server.' : 'It is not connected.'}
      </Text>
    );
  }
  return (
    <ul className={styles.sessions}>
      {sessions.map(({ id, via, heard_at, silence }) => (
        <li key={id}>
          <Text size="sm" span>
            Over {VIAS[via]}, heard of <When at={heard_at} />
            {silence !== null && `; cut off after ${shortDuration(silence)} of silence`}
          </Text>
          <Text size="xs" c="dimmed" component="div" className={styles.code ?? ''}>
            <Untrusted text={id} ff="monospace" longest={120} />
          </Text>
        </li>
      ))}
    </ul>
  );
}

/** Whether it is there: its connections, when each was heard of, and the way to ask it. */
export function ConnectionTest({ one }: Of) {
  const may = useMay('fabric:operate');
  const test = useAction('testParticipant', { refresh: ['getParticipant'] });
  return (
    <Section
      title="Connection"
      about="Whether it is there now. A test asks it, as far as it can be asked without doing anything."
      action={
        may && (
          <Button
            size="compact-sm"
            variant="light"
            loading={test.isPending}
            onClick={() => test.mutate({ id: one.id })}
          >
            Test
          </Button>
        )
      }
    >
      {test.data && <Outcome one={one} test={test.data} />}
      {/* That it is away was said just above. */}
      {(test.data?.outcome !== 'away' || one.sessions.length > 0) && <Sessions one={one} />}
    </Section>
  );
}

import { Alert, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../app/use-api.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { SeverityBadge, SimulatedMark, StatusBadge, ToneBadge } from '../../ui/badges.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Ref, TraceLink } from '../../ui/ref.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow, When } from '../../ui/when.tsx';
import { Panel } from '../alerts/panel.tsx';
import styles from './approvals.module.css';
import { CoveredCalls } from './covered-calls.tsx';
import { DecidePanel } from './decide-panel.tsx';
import { aboutOf, askedWords, dueOf, type Matter, standingWords, voteWords } from './matter-words.ts';

const ABOVE = [{ title: 'Approvals', path: '/approvals' }];

function Due({ matter }: { readonly matter: Matter }) {
  const { text, soon } = dueOf(matter, useNow());
  return (
    <Text size="sm" c={soon ? 'var(--cp-warn)' : 'dimmed'} component="div">
      <IconClock size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {text}
    </Text>
  );
}

/** Who asks and why: the way back to what began it. */
function Why({ matter }: { readonly matter: Matter }) {
  const { playbook, playbook_title, run, alert, case: found } = matter;
  const about = aboutOf(matter.about);
  return (
    <Panel
      title="Why it is asked"
      tools={<TraceLink to={run === '' ? matter.trace : `run:${run}`}>What led here</TraceLink>}
    >
      <Facts>
        {playbook !== '' && (
          <>
            <dt>Playbook</dt>
            <dd>
              <Ref to={`playbook:${playbook}`}>
                <Untrusted text={playbook_title || playbook} longest={120} />
              </Ref>
            </dd>
          </>
        )}
        {run !== '' && (
          <>
            <dt>Run</dt>
            <dd>
              <Ref to={`run:${run}`}>
                {matter.status === 'open' ? 'waits for this decision' : 'asked for this decision'}
              </Ref>
            </dd>
          </>
        )}
        {about && (
          <>
            <dt>About</dt>
            <dd>
              <AppLink to={about.path}>{about.words}</AppLink>
            </dd>
          </>
        )}
        {alert && (
          <>
            <dt>Alert</dt>
            <dd>
              <Group gap={6}>
                <SeverityBadge severity={alert.severity} />
                <Ref to={`alert:${alert.id}`}>
                  <Untrusted text={alert.title} longest={200} />
                </Ref>
              </Group>
            </dd>
          </>
        )}
        {found && (
          <>
            <dt>Case</dt>
            <dd>
              <Ref to={`case:${found.id}`}>
                <Untrusted text={found.title} longest={200} />
              </Ref>
            </dd>
          </>
        )}
        <dt>Who</dt>
        <dd>
          <Untrusted text={askedWords(matter)} longest={300} />
        </dd>
      </Facts>
    </Panel>
  );
}

function Votes({ matter }: { readonly matter: Matter }) {
  const { votes, status, decided_at, answer } = matter;
  if (votes.length === 0 && status === 'open') return null;
  return (
    <Panel title="What was said">
      <ul className={styles.list}>
        {votes.map(({ principal, name, vote, to, reason, at }) => (
          <li key={principal} className={styles.vote}>
            <Text span fw={600} inherit>
              <Untrusted text={name || principal} line longest={60} />
            </Text>{' '}
            {voteWords(vote)}
            {to !== '' && ' to somebody else'} <When at={at} />
            {reason !== '' && (
              <>
                : <Untrusted text={reason} longest={500} />
              </>
            )}
          </li>
        ))}
        {decided_at !== null && (
          <li className={styles.vote}>
            It ended as <StatusBadge state={status} /> <When at={decided_at} />
            {votes.length === 0 && ', by its time limit'}
          </li>
        )}
      </ul>
      {answer !== null && <JsonView value={answer} label="answer" />}
    </Panel>
  );
}

function Content({
  matter,
  changed,
  onChanged,
}: {
  readonly matter: Matter;
  readonly changed: boolean;
  readonly onChanged: () => void;
}) {
  return (
    <Stack gap="md" className={styles.page}>
      <p className={styles.question}>
        <Untrusted text={matter.text} longest={2_000} />
      </p>
      {matter.status === 'open' && <Due matter={matter} />}
      {changed && (
        <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />} role="alert">
          What would run has changed since it was shown to you, so your approval was not counted. This is what it is
          now: look at it again.
        </Alert>
      )}
      {matter.covers.length > 0 && <CoveredCalls covers={matter.covers} status={matter.status} />}
      <Why matter={matter} />
      <Votes matter={matter} />
      <DecidePanel key={matter.covers_hash} matter={matter} onChanged={onChanged} />
    </Stack>
  );
}

/** One matter: what is asked and why, exactly what would run, and where to decide. Made for a phone first. */
export function MatterPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const matter = useApi('getInboxItem', { id });
  const [changed, setChanged] = useState(false);
  if (matter.error && !matter.data) {
    return <UnreadPage title="Approval" above={ABOVE} error={matter.error} retry={matter.refetch} />;
  }
  if (!matter.data) return <LoadingPanel />;
  const { kind, status, simulated } = matter.data;
  const standing = standingWords(matter.data);
  return (
    <Page
      title={kind === 'approval' ? 'Approval' : 'Question'}
      above={ABOVE}
      marks={
        <>
          <StatusBadge state={status} />
          {standing !== '' && <ToneBadge tone="calm" word={standing} />}
          <SimulatedMark simulated={simulated} />
        </>
      }
      about={
        <>
          asked <When at={matter.data.created_at} />
        </>
      }
    >
      <Content
        matter={matter.data}
        changed={changed}
        onChanged={() => {
          setChanged(true);
          void matter.refetch();
        }}
      />
    </Page>
  );
}

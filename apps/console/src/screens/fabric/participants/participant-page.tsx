import { Group, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useApi } from '../../../app/use-api.ts';
import { StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { TraceLink } from '../../../ui/ref.tsx';
import { UnreadPage } from '../../../ui/unread-page.tsx';
import { When } from '../../../ui/when.tsx';
import { StormBanner } from '../parts/storm-banner.tsx';
import { ConnectionTest } from './connection-test.tsx';
import { Credentials } from './credentials.tsx';
import { LastHere } from './last-here.tsx';
import { ParticipantActions } from './participant-actions.tsx';
import { KINDS, type ParticipantDetails } from './participant-rows.ts';
import { Drift, Live, Refusals, Rights } from './participant-sections.tsx';

const ABOVE = [
  { title: 'Fabric', path: '/fabric' },
  { title: 'Participants', path: '/fabric/participants' },
];

function Marks({ one }: { readonly one: ParticipantDetails }) {
  return (
    <Group gap={4}>
      <StatusBadge state={one.enabled ? one.state : 'disabled'} />
      {one.drifted && <ToneBadge tone="warn" word="drifted" means="It says something else of itself than git does" />}
      {one.declared && <ToneBadge tone="calm" word="declared in git" means="Git says its rights and its offers" />}
    </Group>
  );
}

/** A participant: who it is, what it may do, what it said, what it was refused. */
export function ParticipantPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const { data, error, refetch } = useApi('getParticipant', { id });
  if (error && !data) {
    return <UnreadPage title="Participant" above={ABOVE} error={error} retry={refetch} />;
  }
  if (!data) return <LoadingPanel />;
  return (
    <Page
      title={data.title}
      above={ABOVE}
      marks={<Marks one={data} />}
      actions={
        <>
          {data.seen_at !== null && <TraceLink to={`participant:${data.id}`}>What it said and did</TraceLink>}
          <ParticipantActions one={data} />
        </>
      }
      about={
        <>
          {data.id} · {KINDS[data.kind]}
          {data.site !== '' && ` · at ${data.site}`} · joined <When at={data.joined_at} none="never" /> · last here{' '}
          <LastHere one={data} />
        </>
      }
    >
      <StormBanner />
      <Stack gap="lg">
        {data.drift.length > 0 && <Drift one={data} />}
        <ConnectionTest key={data.id} one={data} />
        <Rights one={data} />
        <Credentials one={data} />
        <Refusals one={data} />
        <Live one={data} />
      </Stack>
    </Page>
  );
}

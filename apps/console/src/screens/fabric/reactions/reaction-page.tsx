import { Anchor, Button, Group, Stack } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useApi } from '../../../app/use-api.ts';
import { StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { UnreadPage } from '../../../ui/unread-page.tsx';
import { When } from '../../../ui/when.tsx';
import { Section } from '../parts/section.tsx';
import { StormBanner } from '../parts/storm-banner.tsx';
import { MODES } from '../parts/words.ts';
import { AgreementChart } from './agreement-chart.tsx';
import { HeldEvents } from './held-events.tsx';
import { ModeBadge } from './mode-badge.tsx';
import { Outcomes } from './outcomes.tsx';

const ABOVE = [
  { title: 'Fabric', path: '/fabric' },
  { title: 'Reactions', path: '/fabric/reactions' },
];

function Actions({ id, topic }: { readonly id: string; readonly topic: string }) {
  return (
    <>
      <Button component={Link} to="/fabric/what-if" search={{ topic } as never} variant="default">
        What would happen if…
      </Button>
      <Button component={Link} to={`/playbooks/${encodeURIComponent(id)}`} variant="light">
        Open in the editor
      </Button>
    </>
  );
}

/** A reaction: its mode, what people think of what it does, what is held, and what became of events. */
export function ReactionPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const { data, error, refetch } = useApi('getReaction', { id });
  if (error && !data) {
    return <UnreadPage title="Reaction" above={ABOVE} error={error} retry={refetch} />;
  }
  if (!data) return <LoadingPanel />;
  return (
    <Page
      title={data.title}
      above={ABOVE}
      marks={
        <Group gap={4}>
          <ModeBadge mode={data.mode} />
          {!data.enabled && <StatusBadge state="disabled" />}
          {data.storm && <ToneBadge tone="bad" word="storm" means="Its storm breaker is open: events are held" />}
        </Group>
      }
      about={
        <>
          {data.id} · takes <code>{data.topic}</code> · version {data.number}, changed <When at={data.updated_at} />
        </>
      }
      actions={<Actions id={data.id} topic={data.topic} />}
    >
      <StormBanner />
      <Stack gap="lg">
        <Section
          title="Mode and agreement"
          about={
            <>
              {MODES[data.mode]?.means} The mode stands in its document: it changes when another version is published,
              so that it is reviewed and can be rolled back.
            </>
          }
        >
          <AgreementChart agreement={data.agreement} />
        </Section>
        <HeldEvents reaction={data.id} held={data.held} />
        <Section
          title="What became of events"
          about="Events that did not simply become a run: observed, held, refused, expired, come twice"
          action={<RunsLink id={data.id} />}
        >
          <Outcomes reaction={data.id} />
        </Section>
        <Section title="Source" about="As it is published now">
          <CodeBlock text={data.source} label="source" />
        </Section>
      </Stack>
    </Page>
  );
}

function RunsLink({ id }: { readonly id: string }) {
  return (
    <Anchor component={Link} to="/runs" search={{ playbook: id } as never} size="sm">
      Its runs
    </Anchor>
  );
}

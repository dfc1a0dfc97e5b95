import { Anchor, Badge, Code } from '@mantine/core';
import { useSession } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Facts } from '../../ui/facts.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { When } from '../../ui/when.tsx';
import { Section } from './section.tsx';

/** What this server is, and how it does. */
export function About() {
  const { ends_at, idle_ends_at, seen_at, created_at } = useSession();
  const read = useApi('status', {});
  const limits = `${Math.round((idle_ends_at - seen_at) / 60_000)} minutes without use, ${Math.round((ends_at - created_at) / 3_600_000)} hours in all`;
  if (read.isPending) return <LoadingRows rows={4} />;
  if (!read.data) return <ErrorPanel error={read.error} retry={() => read.refetch()} />;
  const { version, installation, started_at, store, lab, switches, frozen } = read.data;
  return (
    <Section title="This server">
      <Facts>
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Up since</dt>
        <dd>
          <When at={started_at} />
        </dd>
        <dt>Kept in</dt>
        <dd>{store}</dd>
        <dt>Installation</dt>
        <dd>
          <Code>{installation}</Code>
        </dd>
        <dt>Lab</dt>
        <dd>{lab ? 'On: simulated products are connected' : 'Off'}</dd>
        <dt>Kill switches</dt>
        <dd>{switches.length === 0 ? 'None is engaged' : <Badge color="red">{switches.join(', ')}</Badge>}</dd>
        <dt>Restored backup</dt>
        <dd>{frozen ? 'Frozen: nothing acts until it is released' : 'None'}</dd>
        <dt>Sessions last</dt>
        <dd>{limits}</dd>
        <dt>API</dt>
        <dd>
          <Anchor inherit href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
            OpenAPI document
          </Anchor>
        </dd>
      </Facts>
    </Section>
  );
}

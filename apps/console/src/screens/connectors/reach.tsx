import type { CallResult } from '@counterpoint/sdk';
import { Alert, Anchor, Code, Group, Radio, Select, Stack, TagsInput, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { adviceFor } from './advice.ts';
import type { ConnectionDraft } from './connection-form.ts';
import { NETWORKS } from './words.ts';

/** Where a draft would send, as the server says. */
export type Reached = CallResult<'checkConnection'>;

interface ReachProps {
  readonly draft: ConnectionDraft;
  readonly onChange: (patch: Partial<ConnectionDraft>) => void;
  readonly reached: Reached | undefined;
  readonly speaksHttp: boolean;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function WhereTo({ reached }: { readonly reached: Reached | undefined }) {
  if (!reached) return null;
  const { allowed_hosts: hosts, refusal, problem } = reached;
  return (
    <Stack gap="xs">
      <Group gap={6} align="center">
        <IconArrowRight size={16} aria-hidden />
        <Text size="sm">It will send to</Text>
        {hosts.length === 0 ? (
          <Text size="sm" c="dimmed">
            no host yet
          </Text>
        ) : (
          hosts.map((host) => (
            <Code key={host}>
              <Untrusted text={host} longest={200} />
            </Code>
          ))
        )}
        {hosts.length > 0 && <Text size="sm">and nowhere else, redirects included.</Text>}
      </Group>
      {refusal && (
        <Alert color="orange" icon={<IconAlertTriangle />} title="It would be refused">
          <Untrusted text={`${capital(refusal)}. ${adviceFor('connector.egress_denied', refusal) ?? ''}`} />
        </Alert>
      )}
      {problem && reached.base_url !== null && (
        <Text size="sm" c="var(--cp-warn)">
          <Untrusted text={problem} longest={300} />
        </Text>
      )}
    </Stack>
  );
}

/** The edge nodes that could call it instead of this server; nothing where there are none. */
function Site({ draft, onChange }: Pick<ReachProps, 'draft' | 'onChange'>) {
  const may = useMay('fabric:read');
  const { data } = useApi('listEdgeNodes', {}, { enabled: may });
  const nodes = data?.items ?? [];
  if (nodes.length === 0 && draft.site === '') return null;
  const known = nodes.map(({ id, title }) => ({ value: id, label: title || id }));
  return (
    <Select
      label="Called by"
      description="An edge node calls it in its own network, and keeps its credential."
      data={[{ value: '', label: 'This server' }, ...known]}
      value={draft.site}
      onChange={(site) => onChange({ site: site ?? '' })}
      allowDeselect={false}
    />
  );
}

/** How far a connection may reach: network, hosts, site; each in plain words. */
export function Reach({ draft, onChange, reached, speaksHttp }: ReachProps) {
  const [own, setOwn] = useState(draft.hosts.length > 0);
  if (!speaksHttp) return <Site draft={draft} onChange={onChange} />;
  return (
    <Stack gap="sm">
      <Radio.Group
        label="Where is the product?"
        description="The connection can dial nothing beyond it, whatever an answer or a redirect says."
        value={draft.network}
        onChange={(network) => onChange({ network: network as ConnectionDraft['network'] })}
      >
        <Stack gap={6} mt={8}>
          {NETWORKS.map(({ value, label, means }) => (
            <Radio key={value} value={value} label={label} description={means} />
          ))}
        </Stack>
      </Radio.Group>
      <WhereTo reached={reached} />
      {own ? (
        <TagsInput
          label="Allowed hosts"
          description="In place of the one above: host, or host:port. Each with Enter. Blank: taken from the address."
          value={[...draft.hosts]}
          onChange={(hosts) => onChange({ hosts })}
        />
      ) : (
        <Anchor component="button" type="button" size="sm" ta="start" onClick={() => setOwn(true)}>
          The product needs other hosts
        </Anchor>
      )}
      <Site draft={draft} onChange={onChange} />
    </Stack>
  );
}

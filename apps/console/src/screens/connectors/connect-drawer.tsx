import { Button, Divider, Drawer, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { refresh, useApi } from '../../app/use-api.ts';
import { useGo } from '../../ui/app-link.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { showDone, showError } from '../../ui/notices.tsx';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { parted } from './connection-form.ts';
import type { Manifest } from './manifest.ts';
import { Proof } from './proof.tsx';
import { Reach } from './reach.tsx';
import { useConnectionForm } from './use-connection-form.ts';
import { useProving } from './use-proving.ts';
import { idFrom } from './words.ts';

interface ConnectProps {
  readonly manifest: Manifest;
  readonly onClose: () => void;
}

function useConnecting(manifest: Manifest) {
  const { data } = useApi('listConnections', { query: { limit: 500 } });
  const taken = data?.items.map(({ id }) => id) ?? [];
  const form = useConnectionForm(manifest);
  const [named, setNamed] = useState(false);
  const proving = useProving(form);
  const go = useGo();
  const id = named ? form.draft.id : idFrom(form.draft.title, taken);
  // The id follows the name until somebody writes one.
  if (id !== form.draft.id) form.change({ id });
  return {
    ...proving,
    form,
    nameId: (value: string) => {
      setNamed(true);
      form.change({ id: value });
    },
    save: () =>
      proving.attempt('save', async () => {
        const { title } = form.draft;
        await client.createConnection({ body: { ...form.settings, id, title, secrets: form.secrets() } });
        await refresh(['listConnections', 'listConnectors']);
        showDone(`Connected ${title}`);
        go(`/connections/${encodeURIComponent(id)}`);
        // What was proven with a draft is proven again with what was stored, and kept.
        if (manifest.hasTest) await client.testConnection({ id }).then(() => refresh(['getConnection']), showError);
      }),
  };
}

type Connecting = ReturnType<typeof useConnecting>;

function Footer({ manifest, connecting }: { readonly manifest: Manifest; readonly connecting: Connecting }) {
  const { proven, error, busy, form } = connecting;
  const triable = manifest.hasTest && form.draft.site === '';
  const untested = triable && !proven?.ok;
  return (
    <Stack gap="sm">
      {proven && (
        <Proof proven={proven} connector={manifest.title} credential={Object.keys(form.secrets()).length > 0} />
      )}
      {error !== undefined && <ErrorPanel error={error} />}
      {!triable && (
        <Text size="sm" c="dimmed">
          {manifest.hasTest
            ? 'The edge node tests it once it is saved and the node has its credential.'
            : 'No action of this connector proves a credential; call one that only reads once it is saved.'}
        </Text>
      )}
      <Group justify="flex-end">
        {triable && (
          <Button
            variant={untested ? 'filled' : 'default'}
            leftSection={<IconPlugConnected size={16} />}
            loading={busy === 'try'}
            onClick={() => void connecting.prove()}
          >
            Test
          </Button>
        )}
        <Button
          variant={untested ? 'default' : 'filled'}
          loading={busy === 'save'}
          onClick={() => void connecting.save()}
        >
          {untested ? 'Save untested' : 'Save'}
        </Button>
      </Group>
    </Stack>
  );
}

/** Sets up a connection: settings, credential, how far it may reach; tested before anything is stored. */
export function ConnectDrawer({ manifest, onClose }: ConnectProps) {
  const connecting = useConnecting(manifest);
  const { form, change } = connecting;
  const { draft, fields, problems } = form;
  const { open, secret } = parted(fields);
  const values = { values: draft.values, problems, onChange: (next: typeof draft.values) => change({ values: next }) };
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={<Text fw={650}>Connect {manifest.title}</Text>}>
      <Stack gap="md">
        <Group grow align="flex-start">
          <TextInput
            label="Name"
            withAsterisk
            maxLength={100}
            value={draft.title}
            error={problems.title}
            onChange={(event) => change({ title: event.currentTarget.value })}
          />
          <TextInput
            label="Id"
            withAsterisk
            maxLength={63}
            value={draft.id}
            error={problems.id}
            onChange={(event) => connecting.nameId(event.currentTarget.value)}
          />
        </Group>
        {open.length > 0 && <SchemaForm fields={open} {...values} />}
        {secret.length > 0 && (
          <Stack gap={6}>
            <SchemaForm fields={secret} {...values} />
            <Text size="xs" c="dimmed">
              Goes into the vault, encrypted. Nobody sees it again, you included.
            </Text>
          </Stack>
        )}
        <Divider label="Where it may send" labelPosition="left" />
        <Reach draft={draft} onChange={change} reached={form.reached} speaksHttp={manifest.speaksHttp} />
        <Divider />
        <Footer manifest={manifest} connecting={connecting} />
      </Stack>
    </Drawer>
  );
}

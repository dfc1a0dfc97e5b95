import type { CallResult } from '@counterpoint/sdk';
import { Alert, Button, Divider, Drawer, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { refresh, useApi } from '../../app/use-api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { showDone } from '../../ui/notices.tsx';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { plainText } from '../../ui/untrusted-text.ts';
import { parted } from './connection-form.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { Reach } from './reach.tsx';
import { useConnectionForm } from './use-connection-form.ts';

type Connection = CallResult<'getConnection'>;

interface EditProps {
  readonly connection: Connection;
  readonly onClose: () => void;
}

function Form({ connection, manifest, onClose }: EditProps & { readonly manifest: Manifest }) {
  const { id } = connection;
  const form = useConnectionForm(manifest, connection);
  const { draft, fields, problems, change, elsewhere, kept } = form;
  const { open, secret } = parted(fields);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (!form.check()) return;
    setBusy(true);
    setError(undefined);
    const { connector: _connector, ...settings } = form.settings;
    try {
      await client.updateConnection({
        id,
        body: { ...settings, site: draft.site, title: draft.title, secrets: form.secrets() },
      });
      showDone(`Saved ${draft.title}`);
      await refresh(['getConnection', 'listConnections', 'listConnectors']);
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const values = {
    values: draft.values,
    problems,
    kept,
    onChange: (next: typeof draft.values) => change({ values: next }),
  };
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        withAsterisk
        maxLength={100}
        value={draft.title}
        error={problems.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      {open.length > 0 && <SchemaForm fields={open} {...values} />}
      {elsewhere && connection.secrets.length > 0 && (
        <Alert color="orange" icon={<IconKey />} title="It points elsewhere now">
          Enter its secrets again, so that none is ever sent where it was not meant to go.
        </Alert>
      )}
      {secret.length > 0 && <SchemaForm fields={secret} {...values} />}
      <Divider label="Where it may send" labelPosition="left" />
      <Reach draft={draft} onChange={change} reached={form.reached} speaksHttp={manifest.speaksHttp} />
      {error !== undefined && <ErrorPanel error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={busy} onClick={() => void save()}>
          Save
        </Button>
      </Group>
    </Stack>
  );
}

/** Changes a connection; where it would send to other hosts, its secrets are asked for again. */
export function EditDrawer({ connection, onClose }: EditProps) {
  const { data } = useApi('getConnector', { id: connection.connector });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={650}>Edit {plainText(connection.title)}</Text>}
    >
      {data && <Form connection={connection} manifest={readManifest(data.manifest)} onClose={onClose} />}
    </Drawer>
  );
}

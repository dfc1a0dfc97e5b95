import type { CallResult } from '@counterpoint/sdk';
import { Alert, Button, Divider, Drawer, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconKey, IconPlugConnected } from '@tabler/icons-react';
import { client } from '../../app/client.ts';
import { refresh, useApi } from '../../app/use-api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { showDone, showError } from '../../ui/notices.tsx';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { plainText } from '../../ui/untrusted-text.ts';
import { parted } from './connection-form.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { Proof } from './proof.tsx';
import { Reach } from './reach.tsx';
import { useConnectionForm } from './use-connection-form.ts';
import { useProving } from './use-proving.ts';

type Connection = CallResult<'getConnection'>;

interface EditProps {
  readonly connection: Connection;
  readonly onClose: () => void;
}

const READ = ['getConnection', 'listConnections', 'listConnectors'] as const;

function useEditing({ connection, manifest, onClose }: EditProps & { readonly manifest: Manifest }) {
  const { id } = connection;
  const form = useConnectionForm(manifest, connection);
  const proving = useProving(form);
  const { draft, settings } = form;
  const given = form.secrets();
  const testable = manifest.hasTest && draft.site === '';
  return {
    ...proving,
    form,
    /** What the vault keeps cannot be tried with what is new: nobody reads it, this page neither. */
    triable: testable && Object.keys(given).length > 0 && connection.secrets.every((name) => name in given),
    save: () =>
      proving.attempt('save', async () => {
        const { connector: _connector, ...rest } = settings;
        await client.updateConnection({
          id,
          body: { ...rest, site: draft.site, title: draft.title, secrets: given },
        });
        showDone(`Saved ${draft.title}`);
        onClose();
        await refresh(READ);
        // Whether it still works is known at once, not when a playbook needs it.
        if (testable && connection.enabled) await client.testConnection({ id }).then(() => refresh(READ), showError);
      }),
  };
}

function Form(props: EditProps & { readonly manifest: Manifest }) {
  const { connection, manifest, onClose } = props;
  const { form, change, proven, error, busy, triable, prove, save } = useEditing(props);
  const { draft, fields, problems, elsewhere, kept } = form;
  const { open, secret } = parted(fields);
  const onChange = (next: typeof draft.values) => change({ values: next });
  const values = { values: draft.values, problems, kept, onChange };
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
      {proven && <Proof proven={proven} connector={manifest.title} credential />}
      {error !== undefined && <ErrorPanel error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {triable && (
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} />}
            loading={busy === 'try'}
            onClick={() => void prove()}
          >
            Test
          </Button>
        )}
        <Button loading={busy === 'save'} onClick={() => void save()}>
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

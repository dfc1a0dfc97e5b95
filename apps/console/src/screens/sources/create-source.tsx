import type { CallResult } from '@counterpoint/sdk';
import { Button, Drawer, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, useApi } from '../../app/use-api.ts';
import { useGo } from '../../ui/app-link.tsx';
import { idFrom } from '../connectors/words.ts';
import { SecretOnce } from './secret-once.tsx';
import { type SourceDraft, SourceFields } from './source-fields.tsx';

const FIRST: SourceDraft = { title: '', normalizer: 'generic_json', dedup_window: '1h' };

function Proof({
  auth,
  onChange,
}: {
  readonly auth: 'token' | 'signature';
  readonly onChange: (auth: 'token' | 'signature') => void;
}) {
  return (
    <Radio.Group
      label="How the sender proves itself"
      value={auth}
      onChange={(next) => onChange(next as 'token' | 'signature')}
    >
      <Stack gap={8} mt={8}>
        <Radio value="token" label="Token" description="In a header with every delivery. Every tool can do that." />
        <Radio
          value="signature"
          label="Signature"
          description="Standard Webhooks: covers the body and the time, so that nothing can be copied from a log. Better, where the tool speaks it."
        />
      </Stack>
    </Radio.Group>
  );
}

function Made({ made, onClose }: { readonly made: CallResult<'createSource'>; readonly onClose: () => void }) {
  const go = useGo();
  const { source, secret, url } = made;
  const done = () => {
    onClose();
    go(`/sources/${encodeURIComponent(source.id)}`);
  };
  return (
    <Stack gap="md">
      <SecretOnce secret={secret} url={url} auth={source.auth} normalizer={source.normalizer} />
      <Group justify="flex-end">
        <Button onClick={done}>I have copied it</Button>
      </Group>
    </Stack>
  );
}

/** Adds a source; its secret is shown right after, once. */
export function CreateSource({ onClose }: { readonly onClose: () => void }) {
  const { data } = useApi('listSources', {});
  const [draft, setDraft] = useState(FIRST);
  const [auth, setAuth] = useState<'token' | 'signature'>('token');
  const [named, setNamed] = useState<string>();
  const id = named ?? (draft.title.trim() === '' ? '' : idFrom(draft.title, data?.items.map((one) => one.id) ?? []));
  const create = useAction('createSource', { refresh: ['listSources'], forget: true });
  const ready = draft.title.trim() !== '' && /^[a-z][a-z0-9_-]{0,62}$/.test(id);
  return (
    <Drawer
      opened
      onClose={onClose}
      // A secret that nobody can read again is not lost by a click beside it or a key.
      closeOnClickOutside={!create.data}
      closeOnEscape={!create.data}
      position="right"
      size="lg"
      title={<Text fw={650}>{create.data ? 'The source is there' : 'Add a source'}</Text>}
    >
      {create.data ? (
        <Made made={create.data} onClose={onClose} />
      ) : (
        <Stack gap="md">
          <SourceFields draft={draft} onChange={(patch) => setDraft({ ...draft, ...patch })} />
          <TextInput
            label="Id"
            description={`Part of its address: /hooks/${id || '…'}`}
            withAsterisk
            maxLength={63}
            value={id}
            onChange={(event) => setNamed(event.currentTarget.value)}
          />
          <Proof auth={auth} onChange={setAuth} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              disabled={!ready}
              loading={create.isPending}
              onClick={() => create.mutate({ body: { ...draft, id, auth } })}
            >
              Add it
            </Button>
          </Group>
        </Stack>
      )}
    </Drawer>
  );
}

import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../app/use-api.ts';
import { plainText } from '../../ui/untrusted-text.ts';
import type { Source } from './account.ts';
import { windowText } from './sending.ts';
import { type SourceDraft, SourceFields } from './source-fields.tsx';

/** Changes name, normaliser and window of a source. */
export function EditSource({ source, onClose }: { readonly source: Source; readonly onClose: () => void }) {
  const { id, title, normalizer, dedup_window } = source;
  const [draft, setDraft] = useState<SourceDraft>({ title, normalizer, dedup_window: windowText(dedup_window) });
  const save = useAction('updateSource', {
    done: 'Saved',
    refresh: ['getSource', 'listSources'],
    onDone: onClose,
  });
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={<Text fw={650}>Edit {plainText(title)}</Text>}>
      <Stack gap="md">
        <SourceFields draft={draft} onChange={(patch) => setDraft({ ...draft, ...patch })} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={draft.title.trim() === ''}
            loading={save.isPending}
            onClick={() => save.mutate({ id, body: draft })}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </Drawer>
  );
}

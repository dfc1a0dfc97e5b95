import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useAction } from '../../../app/use-api.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import type { Editing } from '../editor/editing.ts';
import { ProblemList } from '../editor/problem-list.tsx';
import { syncWithServer } from '../editor/sync.ts';
import { useSnapshot } from '../editor/use-editor.ts';
import { standingOf } from '../standing.ts';
import { ChangeList } from './change-list.tsx';

interface Props {
  readonly editing: Editing;
  readonly onClose: () => void;
}

/** Shows what would change before a draft is published, and what refuses it. */
export function PublishDialog({ editing, onClose }: Props) {
  const ready = useReady(editing);
  return (
    <Modal opened onClose={onClose} title="Publish this draft?" size="lg">
      {ready.isPending && <LoadingPanel />}
      {ready.error && (
        <ErrorPanel error={ready.error} retry={ready.refetch} title="The draft cannot be published yet" />
      )}
      {ready.data && <Decide editing={editing} onClose={onClose} ready={ready.data} />}
    </Modal>
  );
}

/** Saves what is not saved, then reads the draft and what differs. */
function useReady(editing: Editing) {
  const { id, saver } = editing;
  return useQuery({
    queryKey: ['publish', id],
    queryFn: async () => {
      await saver.flush();
      const draft = await client.getDraft({ id });
      const first = (await standingOf(id)) === 'draft';
      const diff = first ? null : await client.diffPlaybook({ id, query: { from: 'current', to: 'draft' } });
      return { draft, diff };
    },
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
}

type Ready = NonNullable<ReturnType<typeof useReady>['data']>;

function Decide({ editing, onClose, ready }: Props & { readonly ready: Ready }) {
  const { draft, diff } = ready;
  const { findings } = useSnapshot(editing.model);
  const [force, setForce] = useState(false);
  const publish = useAction('publishDraft', {
    done: ({ version }) => `Version ${version.number} is published: new runs take it`,
    refresh: ['getPlaybook', 'listPlaybooks', 'listVersions', 'listDrafts', 'outlineVersion'],
    onDone: () => {
      onClose();
      void syncWithServer(editing, 'mine');
    },
  });
  const refused = draft.findings.some((finding) => finding.severity === 'error');
  return (
    <Stack gap="md">
      {diff ? <ChangeList changes={diff.changes} /> : <Text size="sm">This is its first version.</Text>}
      {refused && (
        <Alert color="red" title="These problems must be solved first" p="xs">
          <ProblemList findings={findings} model={editing.model} onGo={onClose} />
        </Alert>
      )}
      {!draft.base_is_current && (
        <Alert color="orange" title="Another version was published since this draft was begun" p="xs">
          <Text size="sm">What was changed there and is not in this draft would be lost. See “Versions”.</Text>
          <Checkbox
            mt="xs"
            label="I have looked at it: publish this one"
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        Runs under way keep their version. It acts with your rights. You can roll back under “Versions”.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={refused || (!draft.base_is_current && !force)}
          loading={publish.isPending}
          onClick={() => publish.mutate({ id: editing.id, body: { rev: draft.rev, force } })}
        >
          Publish
        </Button>
      </Group>
    </Stack>
  );
}

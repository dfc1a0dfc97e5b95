import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useAction } from '../../../app/use-api.ts';
import { useGo } from '../../../ui/app-link.tsx';
import { idOfTitle, problemOfId, templates } from './templates.ts';

/** Asks what a new playbook is called and begins as, saves its first draft and goes there. */
export function NewPlaybookDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New playbook" size="md" centered>
      {opened && <Form onClose={onClose} />}
    </Modal>
  );
}

/** Whether a playbook or a draft has the id; the list is asked, for what is not there would be an error. */
async function isTaken(id: string): Promise<boolean> {
  const [playbooks, drafts] = await Promise.all([
    client.listPlaybooks({ query: { q: id, kind: 'all', limit: 200 } }),
    client.listDrafts(),
  ]);
  return playbooks.items.some((one) => one.id === id) || drafts.items.some((one) => one.playbook === id);
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const go = useGo();
  const [title, setTitle] = useState('');
  const [ownId, setOwnId] = useState<string>();
  const [taken, setTaken] = useState('');
  const [template, setTemplate] = useState('blank');
  const id = ownId ?? idOfTitle(title);
  const save = useAction('saveDraft', {
    refresh: ['listDrafts'],
    onDone: () => {
      onClose();
      go(`/playbooks/${id}`);
    },
  });
  const problem = taken === id && id !== '' ? 'A playbook has this id already' : problemOfId(id);
  const create = async () => {
    const chosen = templates.find((one) => one.id === template);
    if (!chosen || problem !== undefined) return;
    if (await isTaken(id)) setTaken(id);
    else save.mutate({ id, body: { source: chosen.source(id, title || id), rev: 0 } });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Title"
          description="What people read in lists and cases"
          data-autofocus
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Id"
          description="Stays for good: runs, tests and other playbooks name it"
          value={id}
          maxLength={64}
          error={(title !== '' || ownId !== undefined) && problem}
          onChange={(event) => setOwnId(event.currentTarget.value)}
        />
        <Radio.Group label="Begin with" value={template} onChange={setTemplate}>
          <Stack gap={8} mt={6}>
            {templates.map((one) => (
              <Radio key={one.id} value={one.id} label={one.title} description={one.about} />
            ))}
          </Stack>
        </Radio.Group>
        <Text size="xs" c="dimmed">
          It begins as a draft. Nothing runs before you publish it.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={problem !== undefined}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

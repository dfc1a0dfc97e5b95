import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPlayerPlay, IconPower, IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useAction } from '../../app/use-api.ts';
import { useGo } from '../../ui/app-link.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import type { Editing } from './editor/editing.ts';
import { syncWithServer } from './editor/sync.ts';
import { useStanding } from './editor/use-editor.ts';
import { PublishDialog } from './publish/publish-dialog.tsx';
import { StartDialog } from './start/start-dialog.tsx';
import { usePublished } from './use-published.ts';

type Open = 'publish' | 'start' | 'discard';

/** What can be done with a playbook as a whole: publish, start, enable, discard the draft. */
export function PageActions({ editing, readOnly }: { readonly editing: Editing; readonly readOnly: boolean }) {
  const { id } = editing;
  const [opened, setOpened] = useState<Open>();
  const published = usePublished(id).data;
  const mayRun = useMay('playbook:run');
  const standing = useStanding(editing);
  const changed = standing.rev > 0 || standing.save.kind !== 'saved';
  const close = () => setOpened(undefined);
  const startable = mayRun && published?.enabled && published.triggers.some(({ kind }) => kind === 'manual');
  return (
    <>
      {startable && (
        <Button variant="default" leftSection={<IconPlayerPlay size={15} />} onClick={() => setOpened('start')}>
          Start
        </Button>
      )}
      {!readOnly && (
        <Button
          leftSection={<IconUpload size={15} />}
          disabled={!changed || standing.save.kind === 'conflict'}
          onClick={() => setOpened('publish')}
        >
          Publish
        </Button>
      )}
      {!readOnly && <More editing={editing} onDiscard={() => setOpened('discard')} />}
      {opened === 'publish' && <PublishDialog editing={editing} onClose={close} />}
      {opened === 'start' && <StartDialog id={id} onClose={close} />}
      <DiscardDialog editing={editing} opened={opened === 'discard'} onClose={close} />
    </>
  );
}

function More({ editing, onDiscard }: { readonly editing: Editing; readonly onDiscard: () => void }) {
  const { id } = editing;
  const { rev } = useStanding(editing);
  const published = usePublished(id).data;
  const enable = useAction('enablePlaybook', {
    done: ({ enabled }) => (enabled ? 'Enabled: it starts new runs' : 'Disabled: it starts no new runs'),
    refresh: ['getPlaybook', 'listPlaybooks'],
  });
  if (!published && rev === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label="More">
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {published && (
          <Menu.Item
            leftSection={<IconPower size={15} />}
            onClick={() => enable.mutate({ id, body: { enabled: !published.enabled } })}
          >
            {published.enabled ? 'Disable' : 'Enable'}
          </Menu.Item>
        )}
        {rev > 0 && (
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onDiscard}>
            Discard the draft
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface DiscardProps {
  readonly editing: Editing;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function DiscardDialog({ editing, opened, onClose }: DiscardProps) {
  const { id, saver, model } = editing;
  const never = usePublished(id).data === null;
  const go = useGo();
  const tests = new Set(model.madeOfTests().map(({ name }) => name));
  const discard = useAction('discardDraft', { done: 'Draft discarded', refresh: ['listDrafts', 'listPlaybooks'] });
  const confirm = async () => {
    await saver.flush();
    await discard.mutateAsync({ id, query: { rev: saver.saved().rev } });
    if (never) go('/playbooks');
    else await syncWithServer(editing, 'theirs');
  };
  return (
    <Confirm opened={opened} onClose={onClose} title="Discard the draft?" verb="Discard" danger onConfirm={confirm}>
      {never
        ? 'It was never published: nothing is left of it, and this cannot be undone.'
        : 'What is published stays as it is. Undo in the editor brings the text back as long as this page is open.'}
      {!never && tests.size > 0 && ` Its tests go back too: ${[...tests].join(', ')}.`}
    </Confirm>
  );
}

import { Button, Group, Text, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useAction } from '../../app/use-api.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { Panel } from '../alerts/panel.tsx';
import { useDraft } from './use-draft.ts';

interface SummaryPanelProps {
  readonly id: string;
  readonly summary: string;
}

function Editor({ id, summary, onClose }: SummaryPanelProps & { readonly onClose: () => void }) {
  const [draft, setDraft] = useDraft(`summary:${id}`);
  const [touched, setTouched] = useState(draft !== '');
  const text = touched ? draft : summary;
  const save = useAction('updateCase', {
    done: 'Summary saved',
    refresh: ['getCase', 'listCaseEntries'],
    onDone: () => {
      setDraft('');
      onClose();
    },
  });
  const write = (next: string) => {
    setTouched(true);
    setDraft(next);
  };
  const drop = () => {
    setDraft('');
    onClose();
  };
  return (
    <>
      <Textarea
        aria-label="Summary"
        autosize
        minRows={4}
        maxRows={20}
        maxLength={20_000}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" mt={8} gap="xs">
        <Button size="compact-sm" variant="default" onClick={drop}>
          Leave it
        </Button>
        <Button size="compact-sm" loading={save.isPending} onClick={() => save.mutate({ id, body: { summary: text } })}>
          Save
        </Button>
      </Group>
    </>
  );
}

/** What is known so far, in the words of whoever works on it. */
export function SummaryPanel({ id, summary }: SummaryPanelProps) {
  const may = useMay('case:write');
  const [edited, setEdited] = useState(false);
  return (
    <Panel
      title="Summary"
      tools={
        may &&
        !edited && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPencil size={12} aria-hidden />}
            onClick={() => setEdited(true)}
          >
            {summary === '' ? 'Write it' : 'Change it'}
          </Button>
        )
      }
    >
      {edited ? (
        <Editor id={id} summary={summary} onClose={() => setEdited(false)} />
      ) : summary === '' ? (
        <Text size="sm" c="dimmed">
          Nothing written yet. What happened, what was done, what is open?
        </Text>
      ) : (
        <Text size="sm" component="div" style={{ whiteSpace: 'pre-wrap' }}>
          <Untrusted text={summary} longest={3_000} />
        </Text>
      )}
    </Panel>
  );
}

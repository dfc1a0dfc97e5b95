import { Button, Group, Text, Textarea } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { useAction } from '../../app/use-api.ts';
import styles from './cases.module.css';
import { unsent } from './unsent.ts';
import { useDraft } from './use-draft.ts';

const LONGEST = 20_000;

/** Where notes are written. What is not sent yet is kept. */
export function NoteComposer({ id }: { readonly id: string }) {
  const [text, setText] = useDraft(`note:${id}`);
  const add = useAction('addNote', {
    refresh: ['listCaseEntries', 'getCase'],
    onDone: (_entry, { body }) => setText(unsent(text, body.text)),
  });
  const send = () => {
    if (text.trim() !== '' && !add.isPending) add.mutate({ id, body: { text: text.trim() } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        aria-label="Note"
        placeholder="Write down what you saw, thought and did"
        autosize
        minRows={2}
        maxRows={12}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Group justify="space-between" mt={6} gap="sm">
        <Text size="xs" c="dimmed">
          {text === '' ? 'Ctrl Enter sends it' : 'Kept here until it is sent'}
        </Text>
        <Button type="submit" size="compact-sm" loading={add.isPending} disabled={text.trim() === ''}>
          Add the note
        </Button>
      </Group>
    </form>
  );
}

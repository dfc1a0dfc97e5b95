import { isCounterpointError } from '@counterpoint/core';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useMay } from '../../../app/session.tsx';
import { useAction } from '../../../app/use-api.ts';
import { showError, showWarning } from '../../../ui/notices.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { Editing } from '../editor/editing.ts';
import { bringTogether, type TestBase, type Together } from './bring-together.ts';
import type { PlaybookTest } from './playbook-test.ts';
import classes from './tests-tab.module.css';
import { TextField } from './text-field.tsx';

interface Props {
  readonly editing: Editing;
  /** Undefined: a new one. */
  readonly test: PlaybookTest | undefined;
  readonly onClose: () => void;
}

const VALID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

function firstText(id: string): string {
  return `kind: playbook_test/v1
playbook: ${id}
tests:
  - name: it ends well
    expect: { status: succeeded }
`;
}

const NEXT: Readonly<Record<Together['how'], string>> = {
  apart: 'Their changes are in your text now. Look at it, then save.',
  collided: 'Where both of you wrote, your lines stand above theirs. Keep what is right, then save.',
  deleted: 'Somebody deleted it. Save again to keep it.',
};

/** The text of a test, and how it is saved when somebody else was first. */
function useTestText(id: string, name: string, test: PlaybookTest | undefined) {
  const [base, setBase] = useState<TestBase>({ source: test?.source ?? firstText(id), rev: test?.rev ?? 0 });
  const [first, setFirst] = useState(base.source);
  const [text, setText] = useState(first);
  const merge = async (): Promise<void> => {
    const desk = {
      list: async () => (await client.listPlaybookTests({ id })).items,
      merge: (body: Parameters<typeof client.mergePlaybook>[0]['body']) => client.mergePlaybook({ body }),
    };
    const together = await bringTogether(desk, name, text, base.source);
    setBase(together.base);
    setFirst(together.text);
    setText(together.text);
    showWarning('Not saved yet: somebody else changed this test', NEXT[together.how]);
  };
  const onError = (error: Error): boolean => {
    if (!isCounterpointError(error, 'engine.test_changed')) return false;
    void merge().catch(showError);
    return true;
  };
  return { base, first, text, setText, onError };
}

/** Writes one test file. */
export function TestEditor({ editing, test, onClose }: Props) {
  const { id } = editing;
  const readOnly = !useMay('playbook:publish');
  const [name, setName] = useState(test?.name ?? 'my_test');
  const { base, first, text, setText, onError } = useTestText(id, name, test);
  const save = useAction('savePlaybookTest', {
    done: 'Test saved',
    refresh: ['listPlaybookTests'],
    onDone: onClose,
    onError,
  });
  const drop = useAction('deletePlaybookTest', {
    done: 'Test deleted',
    refresh: ['listPlaybookTests'],
    onDone: onClose,
  });
  const stored = test?.origin === 'stored';
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        {test ? (
          <Text fw={600}>{test.name}</Text>
        ) : (
          <TextInput
            size="xs"
            label="Name"
            value={name}
            error={VALID.test(name) ? undefined : 'Lower-case letters, digits, _ and -'}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        {test?.origin === 'content' && !readOnly && (
          <Text size="xs" c="dimmed">
            It came with the playbook. What you save is used in its place.
          </Text>
        )}
      </Group>
      <div className={classes.editor}>
        <TextField label="Text of the test" text={first} readOnly={readOnly} onText={setText} />
      </div>
      {test?.findings.map((finding) => (
        <Untrusted
          key={`${finding.line} ${finding.message}`}
          size="sm"
          c="var(--cp-bad)"
          text={`line ${finding.line}: ${finding.message}`}
        />
      ))}
      <Group gap="xs">
        {!readOnly && (
          <Button
            size="compact-sm"
            loading={save.isPending}
            disabled={!VALID.test(name) || (stored && text === base.source)}
            onClick={() => save.mutate({ id, name, body: { source: text, rev: base.rev } })}
          >
            Save
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {readOnly ? 'Back' : 'Cancel'}
        </Button>
        {stored && !readOnly && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            loading={drop.isPending}
            onClick={() => drop.mutate({ id, name, query: { rev: base.rev } })}
          >
            Delete
          </Button>
        )}
      </Group>
    </Stack>
  );
}

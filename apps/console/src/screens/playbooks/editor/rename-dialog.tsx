import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useApi } from '../../../app/use-api.ts';
import type { ListedTest } from './test-follower.ts';

interface Props {
  /** Id of the step; undefined: closed. */
  readonly name: string | undefined;
  readonly onClose: () => void;
  readonly playbook: string;
  /** `tests`: those that are to follow. */
  readonly onRename: (name: string, tests: readonly ListedTest[]) => void;
}

const VALID = /^[a-z][a-z0-9_]{0,63}$/;

/** Asks for a new id of a step. */
export function RenameDialog({ name, playbook, onClose, onRename }: Props) {
  return (
    <Modal opened={name !== undefined} onClose={onClose} title="Rename the step" size="sm" centered>
      {name !== undefined && <Form {...{ name, playbook, onClose, onRename }} />}
    </Modal>
  );
}

/** Whether a test speaks of a step; the server finds where. */
function speaksOf({ source }: ListedTest, step: string): boolean {
  return new RegExp(`\\b${step}\\b`).test(source);
}

function Form({ name, playbook, onClose, onRename }: Props & { readonly name: string }) {
  const [value, setValue] = useState(name);
  const [follows, setFollows] = useState(true);
  const [sure, setSure] = useState(false);
  const listed = useApi('listPlaybookTests', { id: playbook });
  const tests = listed.data?.items.filter((test) => speaksOf(test, name)) ?? [];
  const error = VALID.test(value) ? undefined : 'Lower-case letters, digits and _, beginning with a letter';
  // Enter may be quicker than the list of tests; it counts all the same.
  const ready = sure && !listed.isLoading;
  useEffect(() => {
    if (!ready) return;
    onClose();
    if (value !== name) onRename(value, follows ? tests : []);
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!error) setSure(true);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Id"
          value={value}
          error={error}
          maxLength={64}
          readOnly={sure}
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          Every reference to it in this playbook follows.
        </Text>
        {tests.length > 0 && (
          <Checkbox
            label={`Its tests follow: ${tests.map((test) => test.name).join(', ')}`}
            description="They are saved at once; undo takes that back too"
            checked={follows}
            onChange={(event) => setFollows(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={error !== undefined} loading={sure}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
